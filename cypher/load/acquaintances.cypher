// Adds who knows whom.
// Parameters: load – number of the load; position – rows in the table; memberA, memberB – places in members; one list
// for each further column.
UNWIND range(0, size($position) - 1) AS i
MATCH (memberA:Member {load: $load, position: $memberA[i]})
MATCH (memberB:Member {load: $load, position: $memberB[i]})
CREATE (memberA)-[:ACQUAINTED {
  position: $position[i],
  kind: $kind[i],
  since: date($since[i])
}]->(memberB)
