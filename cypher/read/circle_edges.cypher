// Gives with whom some members are in a circle.
// Parameters: load – number of the load; near – places of members.
UNWIND $near AS position
MATCH (member:Member {load: $load, position: position})-[:MEMBER_OF]->(circle:Circle {load: $load})
MATCH (circle)<-[:MEMBER_OF]-(partner:Member)
WHERE partner <> member
RETURN member.memberId AS member, partner.memberId AS partner, circle.circleId AS circle
