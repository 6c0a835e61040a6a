// Joins written circles to those of their members who are in a load.
// Parameters: load – number of the load; names – under which the circles were written.
MATCH (run:Run {what: 'circles'})-[:PROPOSED]->(circle:Circle)
WHERE run.name IN $names
UNWIND range(0, size(circle.memberIds) - 1) AS i
MATCH (member:Member {memberId: circle.memberIds[i]})
WHERE member.load = $load
CREATE (member)-[:MEMBER_OF {
  drawOrder: CASE WHEN circle.drawOrders[i] >= 0 THEN circle.drawOrders[i] END,
  depositFen: CASE WHEN circle.depositsFen[i] >= 0 THEN circle.depositsFen[i] END
}]->(circle)
