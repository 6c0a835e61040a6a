// Gives who is in which circle as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (member:Member {load: $load})-[place:MEMBER_OF]->(circle:Circle {load: $load})
WHERE $first <= member.position < $end
RETURN collect([
  place.position,
  circle.position,
  member.position,
  place.drawOrder,
  place.depositFen
]) AS rows
