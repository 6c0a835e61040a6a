// Gives loans as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (borrower:Member {load: $load})<-[:OWED_BY]-(loan:Loan)
WHERE $first <= borrower.position < $end
OPTIONAL MATCH (loan)-[:IN]->(circle:Circle)
RETURN collect([
  loan.position,
  loan.loanId,
  borrower.position,
  loan.balanceFen,
  loan.accruedInterestFen,
  circle.position,
  loan.lender,
  loan.limitFen,
  loan.annualRate,
  loan.collateralValueFen,
  toString(loan.drawnOn),
  toString(loan.dueOn),
  loan.grade,
  loan.daysOverdue
]) AS rows
