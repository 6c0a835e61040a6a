// Gives what joins some members to others directly.
// Parameters: load – number of the load; near – places of members.
UNWIND $near AS position
MATCH (:Member {load: $load, position: position})-[edge:SELLS_TO|ACQUAINTED|GUARANTEES|OWES]-(:Member)
WITH DISTINCT edge
RETURN type(edge) AS type,
  startNode(edge).memberId AS source,
  endNode(edge).memberId AS target,
  edge.guaranteeId AS reference,
  edge.amountFen AS amount,
  coalesce(size(edge.positions), 1) AS entries
