// Adds guarantees.
// Parameters: load – number of the load; position – rows in the table; guarantor, borrower – places in members; one
// list for each further column.
UNWIND range(0, size($position) - 1) AS i
MATCH (guarantor:Member {load: $load, position: $guarantor[i]})
MATCH (borrower:Member {load: $load, position: $borrower[i]})
CREATE (guarantor)-[:GUARANTEES {
  position: $position[i],
  guaranteeId: $guaranteeId[i],
  amountFen: $amountFen[i],
  loanId: $loanId[i],
  kind: $kind[i],
  startsOn: date($startsOn[i]),
  expiresOn: date($expiresOn[i]),
  claimUntil: date($claimUntil[i])
}]->(borrower)
