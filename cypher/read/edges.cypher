// Gives what joins some members to others, one list a column: relationships from each of their ends that is asked
// about, circles from each member asked about. Columns: type; whether it leaves the member asked about; the place of
// this one; place, id and name of the other; reference, amount and entries. An empty text stands for a null.
// Parameters: load – number of the load; near – places of members.
UNWIND $near AS position
MATCH (near:Member {load: $load, position: position})-[edge:SELLS_TO|ACQUAINTED|GUARANTEES|OWES]-(far:Member)
RETURN collect(type(edge)) AS type,
  collect(startNode(edge) = near) AS leaves,
  collect(position) AS near,
  collect(far.position) AS far,
  collect(far.memberId) AS member,
  collect(coalesce(far.name, '')) AS name,
  collect(coalesce(edge.guaranteeId, '')) AS reference,
  collect(coalesce(edge.amountFen, 0)) AS amount,
  collect(coalesce(size(edge.positions), 1)) AS entries
UNION ALL
UNWIND $near AS position
MATCH (near:Member {load: $load, position: position})-[:MEMBER_OF]->(circle:Circle {load: $load})
MATCH (circle)<-[:MEMBER_OF]-(far:Member)
WHERE far <> near
RETURN collect('MEMBER_OF') AS type,
  collect(true) AS leaves,
  collect(position) AS near,
  collect(far.position) AS far,
  collect(far.memberId) AS member,
  collect(coalesce(far.name, '')) AS name,
  collect(circle.circleId) AS reference,
  collect(0) AS amount,
  collect(1) AS entries
