// Gives the members one step from some members, through whatever joins two members, circles among it.
// Parameters: load – number of the load; near – places of members.
UNWIND $near AS position
MATCH (:Member {load: $load, position: position})-[:SELLS_TO|ACQUAINTED|GUARANTEES|OWES]-(far:Member)
RETURN far.position AS position, far.memberId AS memberId, far.name AS name
UNION
UNWIND $near AS position
MATCH (:Member {load: $load, position: position})-[:MEMBER_OF]->(circle:Circle {load: $load})
MATCH (circle)<-[:MEMBER_OF]-(far:Member)
RETURN far.position AS position, far.memberId AS memberId, far.name AS name
