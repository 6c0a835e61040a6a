// Gives what members sold to others as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (seller:Member {load: $load})-[sale:SELLS_TO]->(buyer:Member)
WHERE $first <= seller.position < $end
RETURN collect([
  seller.position,
  buyer.position,
  sale.positions,
  [period IN sale.periods | toString(period)],
  sale.amountsFen,
  sale.tradeCounts,
  sale.paidOnlineFen
]) AS rows
