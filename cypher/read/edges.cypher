// Gives what joins some members to others: relationships once each, circles once from each of the members asked about.
// Parameters: load – number of the load; near – places of members.
UNWIND $near AS position
MATCH (:Member {load: $load, position: position})-[edge:SELLS_TO|ACQUAINTED|GUARANTEES|OWES]-(:Member)
WITH DISTINCT edge
RETURN type(edge) AS type,
  startNode(edge).memberId AS source,
  endNode(edge).memberId AS target,
  edge.guaranteeId AS reference,
  edge.amountFen AS amount,
  coalesce(size(edge.positions), 1) AS entries
UNION ALL
UNWIND $near AS position
MATCH (member:Member {load: $load, position: position})-[:MEMBER_OF]->(circle:Circle {load: $load})
MATCH (circle)<-[:MEMBER_OF]-(partner:Member)
WHERE partner <> member
RETURN 'MEMBER_OF' AS type,
  member.memberId AS source,
  partner.memberId AS target,
  circle.circleId AS reference,
  0 AS amount,
  1 AS entries
