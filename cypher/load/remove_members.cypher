// Removes some members of a load with all that hangs on them: relationships, loans, applications and activity.
// Parameters: load – its number; most – how many members to remove at once.
MATCH (member:Member {load: $load})
WHERE member.position >= 0
WITH member
LIMIT $most
OPTIONAL MATCH (member)<-[:OWED_BY|APPLIED_BY|DONE_BY]-(hanging)
WITH member, collect(hanging) AS hanging
FOREACH (node IN hanging |
  DETACH DELETE node
)
DETACH DELETE member
RETURN count(*) AS removed
