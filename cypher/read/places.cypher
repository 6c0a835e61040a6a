// Finds members by their ids.
// Parameters: load – number of the load; ids.
UNWIND $ids AS id
MATCH (member:Member {memberId: id})
WHERE member.load = $load
RETURN id, member.position AS position, member.name AS name
