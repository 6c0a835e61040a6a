// Gives who knows whom as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (memberA:Member {load: $load})-[pair:ACQUAINTED]->(memberB:Member)
WHERE $first <= memberA.position < $end
RETURN collect([
  pair.position,
  memberA.position,
  memberB.position,
  pair.kind,
  toString(pair.since)
]) AS rows
