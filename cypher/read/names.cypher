// Gives the ids and names of some members.
// Parameters: load – number of the load; positions – places of members.
UNWIND $positions AS position
MATCH (member:Member {load: $load, position: position})
RETURN position, member.memberId AS memberId, member.name AS name
