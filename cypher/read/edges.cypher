// Gives what joins some members to others, one list of rows: relationships from each of their ends that is asked about,
// circles from each member asked about. A row: type, whether it leaves the member asked about, its place, the place, id
// and name of the other, reference, amount, entries.
// Parameters: load – number of the load; near – places of members.
UNWIND $near AS position
MATCH (near:Member {load: $load, position: position})-[edge:SELLS_TO|ACQUAINTED|GUARANTEES|OWES]-(far:Member)
RETURN collect([
  type(edge),
  startNode(edge) = near,
  position,
  far.position,
  far.memberId,
  far.name,
  edge.guaranteeId,
  edge.amountFen,
  coalesce(size(edge.positions), 1)
]) AS rows
UNION ALL
UNWIND $near AS position
MATCH (near:Member {load: $load, position: position})-[:MEMBER_OF]->(circle:Circle {load: $load})
MATCH (circle)<-[:MEMBER_OF]-(far:Member)
WHERE far <> near
RETURN collect([
  'MEMBER_OF',
  true,
  position,
  far.position,
  far.memberId,
  far.name,
  circle.circleId,
  0,
  1
]) AS rows
