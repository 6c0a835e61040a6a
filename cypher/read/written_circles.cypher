// Gives the circles written under a name, member by member.
// Parameters: name.
MATCH (:Run {what: 'circles', name: $name})-[:PROPOSED]->(circle:Circle)
RETURN circle.circleId AS circleId,
  circle.positions AS positions,
  circle.memberIds AS memberIds,
  circle.drawOrders AS drawOrders,
  circle.depositsFen AS depositsFen,
  circle.amountsFen AS amountsFen,
  circle.scores AS scores,
  circle.statuses AS statuses
