// Gives guarantees as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (guarantor:Member {load: $load})-[guarantee:GUARANTEES]->(borrower:Member)
WHERE $first <= guarantor.position < $end
RETURN collect([
  guarantee.position,
  guarantee.guaranteeId,
  guarantor.position,
  borrower.position,
  guarantee.amountFen,
  guarantee.loanId,
  guarantee.kind,
  toString(guarantee.startsOn),
  toString(guarantee.expiresOn),
  toString(guarantee.claimUntil)
]) AS rows
