// Gives what joins some members to others: relationships from each of their ends that is asked about, circles from each
// member asked about. One row a type and direction: whether it leaves the members asked about; lists with one entry an
// edge: places of these and of the others, reference (an empty text for none), amount and entries; and lists with one
// entry a member joined: place, id and name (an empty text for none).
// Parameters: load – number of the load; near – places of members.
UNWIND $near AS position
MATCH (near:Member {load: $load, position: position})-[edge:SELLS_TO|ACQUAINTED|GUARANTEES|OWES]-(far)
WITH type(edge) AS type, startNode(edge) = near AS leaves, position, edge, far
WITH type,
  leaves,
  collect(position) AS near,
  collect(far.position) AS far,
  collect(CASE type WHEN 'GUARANTEES' THEN edge.guaranteeId ELSE '' END) AS reference,
  collect(CASE type WHEN 'ACQUAINTED' THEN 0 ELSE edge.amountFen END) AS amount,
  collect(CASE type WHEN 'SELLS_TO' THEN size(edge.positions) ELSE 1 END) AS entries,
  collect(DISTINCT far) AS others
RETURN type,
  leaves,
  near,
  far,
  reference,
  amount,
  entries,
  [other IN others | other.position] AS place,
  [other IN others | other.memberId] AS member,
  [other IN others | coalesce(other.name, '')] AS name
UNION ALL
UNWIND $near AS position
MATCH (near:Member {load: $load, position: position})-[:MEMBER_OF]->(circle:Circle {load: $load})
MATCH (circle)<-[:MEMBER_OF]-(far:Member)
WHERE far <> near
WITH collect(position) AS near,
  collect(far.position) AS far,
  collect(circle.circleId) AS reference,
  collect(0) AS amount,
  collect(1) AS entries,
  collect(DISTINCT far) AS others
RETURN 'MEMBER_OF' AS type,
  true AS leaves,
  near,
  far,
  reference,
  amount,
  entries,
  [other IN others | other.position] AS place,
  [other IN others | other.memberId] AS member,
  [other IN others | coalesce(other.name, '')] AS name
