// Gives what members did as they were loaded: one list a column, with one entry a row.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (member:Member {load: $load})<-[:DONE_BY]-(activity:Activity)
WHERE $first <= member.position < $end
WITH member.position AS member,
  activity.positions AS positions,
  activity.dates AS dates,
  activity.kinds AS kinds,
  activity.counts AS counts,
  activity.amountsFen AS amountsFen,
  activity.details AS details
UNWIND range(0, size(positions) - 1) AS i
RETURN collect(positions[i]) AS position,
  collect(member) AS member,
  collect(dates[i]) AS date,
  collect(kinds[i]) AS kind,
  collect(counts[i]) AS count,
  collect(amountsFen[i]) AS amountFen,
  collect(details[i]) AS detail
