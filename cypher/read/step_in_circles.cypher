// Gives the members in one circle with some members.
// Parameters: load – number of the load; near – places of members.
UNWIND $near AS position
MATCH (:Member {load: $load, position: position})-[:MEMBER_OF]->(circle:Circle {load: $load})
WITH DISTINCT circle
MATCH (circle)<-[:MEMBER_OF]-(far:Member)
RETURN DISTINCT far.position AS position
