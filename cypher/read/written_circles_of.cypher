// Gives the written circles that a member belongs to, with everybody in them.
// Parameters: load – number of the load; member – its place.
MATCH (:Member {load: $load, position: $member})-[:MEMBER_OF]->(circle:Circle)<-[:PROPOSED]-(run:Run)
RETURN run.name AS kind,
  run.digest AS digest,
  circle.circleId AS circleId,
  circle.memberIds AS memberIds,
  circle.drawOrders AS drawOrders,
  circle.depositsFen AS depositsFen,
  circle.amountsFen AS amountsFen,
  circle.statuses AS statuses
