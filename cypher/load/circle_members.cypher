// Adds who is in which circle.
// Parameters: load – number of the load; position – rows in the table; circle, member – places in circles and members;
// one list for each further column.
UNWIND range(0, size($position) - 1) AS i
MATCH (circle:Circle {load: $load, position: $circle[i]})
MATCH (member:Member {load: $load, position: $member[i]})
CREATE (member)-[:MEMBER_OF {
  position: $position[i],
  drawOrder: $drawOrder[i],
  depositFen: $depositFen[i]
}]->(circle)
