// Adds receivables, from the buyer who owes to the supplier.
// Parameters: load – number of the load; position – rows in the table; supplier, buyer – places in members; one list
// for each further column.
UNWIND range(0, size($position) - 1) AS i
MATCH (supplier:Member {load: $load, position: $supplier[i]})
MATCH (buyer:Member {load: $load, position: $buyer[i]})
CREATE (buyer)-[:OWES {
  position: $position[i],
  amountFen: $amountFen[i],
  dueOn: date($dueOn[i])
}]->(supplier)
