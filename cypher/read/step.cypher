// Gives the members one step from some members, through whatever joins two members directly.
// Parameters: load – number of the load; near – places of members.
UNWIND $near AS position
MATCH (:Member {load: $load, position: position})-[:SELLS_TO|ACQUAINTED|GUARANTEES|OWES]-(far:Member)
RETURN DISTINCT far.position AS position
