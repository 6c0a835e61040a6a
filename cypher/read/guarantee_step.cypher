// Gives the guarantees of some members that are in force on a day of a window, and for whom they stand.
// Parameters: load – number of the load; near – places of guarantors; since, until – first and last day, null is open.
UNWIND $near AS position
MATCH (guarantor:Member {load: $load, position: position})-[guarantee:GUARANTEES]->(borrower:Member)
WHERE ($until IS NULL OR guarantee.startsOn IS NULL OR guarantee.startsOn <= date($until))
  AND ($since IS NULL OR coalesce(guarantee.claimUntil, guarantee.expiresOn, date($since)) >= date($since))
RETURN borrower.position AS far,
  guarantee.guaranteeId AS guaranteeId,
  guarantor.memberId AS guarantorId,
  borrower.memberId AS borrowerId,
  guarantee.amountFen AS amountFen,
  guarantee.loanId AS loanId,
  toString(guarantee.startsOn) AS startsOn,
  toString(guarantee.expiresOn) AS expiresOn,
  toString(guarantee.claimUntil) AS claimUntil
