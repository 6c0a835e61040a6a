// Gives receivables as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (buyer:Member {load: $load})-[debt:OWES]->(supplier:Member)
WHERE $first <= buyer.position < $end
RETURN collect([
  debt.position,
  supplier.position,
  buyer.position,
  debt.amountFen,
  toString(debt.dueOn)
]) AS rows
