// Adds loans.
// Parameters: load – number of the load; position – rows in the table; borrower, circle – places in members and circles
// (-1: in none); one list for each further column.
UNWIND range(0, size($position) - 1) AS i
MATCH (borrower:Member {load: $load, position: $borrower[i]})
CREATE (loan:Loan {
  load: $load,
  position: $position[i],
  loanId: $loanId[i],
  balanceFen: $balanceFen[i],
  accruedInterestFen: $accruedInterestFen[i],
  lender: $lender[i],
  limitFen: $limitFen[i],
  annualRate: $annualRate[i],
  collateralValueFen: $collateralValueFen[i],
  drawnOn: date($drawnOn[i]),
  dueOn: date($dueOn[i]),
  grade: $grade[i],
  daysOverdue: $daysOverdue[i]
})-[:OWED_BY]->(borrower)
WITH loan, i
WHERE $circle[i] >= 0
MATCH (circle:Circle {load: $load, position: $circle[i]})
CREATE (loan)-[:IN]->(circle)
