// Adds what a member did in one month.
// Parameters: load – number of the load; member – places in members; month – its
// first day; the other lists hold one list a month with one entry a row (positions – rows in the table; dates – days
// as 20070615; -1 for a null, an empty text for no detail).
UNWIND range(0, size($member) - 1) AS i
MATCH (member:Member {load: $load, position: $member[i]})
CREATE (:Activity {
  load: $load,
  month: date($month[i]),
  positions: $positions[i],
  dates: $dates[i],
  kinds: $kinds[i],
  counts: $counts[i],
  amountsFen: $amountsFen[i],
  details: $details[i]
})-[:DONE_BY]->(member)
