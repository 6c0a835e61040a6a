// Gives circles as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which circle's place on, and up to which.
MATCH (circle:Circle {load: $load})
WHERE $first <= circle.position < $end
RETURN collect([
  circle.position,
  circle.circleId,
  toString(circle.formedOn),
  toString(circle.expiresOn),
  circle.depositFen,
  circle.status
]) AS rows
