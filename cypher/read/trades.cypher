// Gives what members sold to others as they were loaded: one list a column, with one entry a row.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (seller:Member {load: $load})-[sale:SELLS_TO]->(buyer:Member)
WHERE $first <= seller.position < $end
WITH seller.position AS seller,
  buyer.position AS buyer,
  sale.positions AS positions,
  sale.periods AS periods,
  sale.amountsFen AS amountsFen,
  sale.tradeCounts AS tradeCounts,
  sale.paidOnlineFen AS paidOnlineFen
UNWIND range(0, size(positions) - 1) AS i
RETURN collect(positions[i]) AS position,
  collect(seller) AS seller,
  collect(buyer) AS buyer,
  collect(periods[i]) AS period,
  collect(amountsFen[i]) AS amountFen,
  collect(tradeCounts[i]) AS tradeCount,
  collect(paidOnlineFen[i]) AS paidOnlineFen
