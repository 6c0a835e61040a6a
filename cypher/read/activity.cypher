// Gives what members did, month by month as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (member:Member {load: $load})<-[:DONE_BY]-(activity:Activity)
WHERE $first <= member.position < $end
RETURN collect([
  member.position,
  activity.positions,
  [day IN activity.dates | toString(day)],
  activity.kinds,
  activity.counts,
  activity.amountsFen,
  activity.details
]) AS rows
