// Gives who may never share a circle as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (memberA:Member {load: $load})-[pair:EXCLUDED]->(memberB:Member)
WHERE $first <= memberA.position < $end
RETURN collect([
  pair.position,
  memberA.position,
  memberB.position,
  pair.reason
]) AS rows
