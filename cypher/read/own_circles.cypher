// Gives the circles of the portfolio that a member belongs to, with everybody in them.
// Parameters: load – number of the load; member – its place.
MATCH (:Member {load: $load, position: $member})-[:MEMBER_OF]->(circle:Circle {load: $load})
MATCH (circle)<-[place:MEMBER_OF]-(partner:Member)
RETURN circle.circleId AS circleId,
  partner.memberId AS memberId,
  place.drawOrder AS drawOrder,
  place.depositFen AS depositFen,
  circle.status AS status,
  toString(circle.formedOn) AS formedOn,
  toString(circle.expiresOn) AS expiresOn
