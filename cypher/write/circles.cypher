// Adds circles under a name, each with its rows as lists (-1 for a null, for scores the smallest whole number; an empty
// text for no status).
// Parameters: name; circleId; and lists of lists: positions, memberIds, drawOrders, depositsFen, amountsFen, scores,
// statuses.
MATCH (run:Run {what: 'circles', name: $name})
UNWIND range(0, size($circleId) - 1) AS i
CREATE (run)-[:PROPOSED]->(:Circle {
  circleId: $circleId[i],
  positions: $positions[i],
  memberIds: $memberIds[i],
  drawOrders: $drawOrders[i],
  depositsFen: $depositsFen[i],
  amountsFen: $amountsFen[i],
  scores: $scores[i],
  statuses: $statuses[i]
})
