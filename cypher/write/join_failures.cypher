// Joins written failures to those of their members who are in a load.
// Parameters: load – number of the load; names – under which the failures were written.
MATCH (run:Run {what: 'failures'})
WHERE run.name IN $names
UNWIND range(0, size(run.memberIds) - 1) AS i
MATCH (member:Member {memberId: run.memberIds[i]})
WHERE member.load = $load
CREATE (run)-[:FAILED {round: run.rounds[i]}]->(member)
