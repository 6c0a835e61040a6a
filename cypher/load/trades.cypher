// Adds what one member sold to another, all months in one relationship.
// Parameters: load – number of the load; seller, buyer – places in members; amountFen – the
// sum; the other lists hold one list a pair with one entry a row (positions – rows in the table, periods – months
// as 200706, -1 for a null).
UNWIND range(0, size($seller) - 1) AS i
MATCH (seller:Member {load: $load, position: $seller[i]})
MATCH (buyer:Member {load: $load, position: $buyer[i]})
CREATE (seller)-[:SELLS_TO {
  amountFen: $amountFen[i],
  positions: $positions[i],
  periods: $periods[i],
  amountsFen: $amountsFen[i],
  tradeCounts: $tradeCounts[i],
  paidOnlineFen: $paidOnlineFen[i]
}]->(buyer)
