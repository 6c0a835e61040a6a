// Adds applications.
// Parameters: load – number of the load; position – rows in the table; member – places in members; one list for each
// further column.
UNWIND range(0, size($position) - 1) AS i
MATCH (member:Member {load: $load, position: $member[i]})
CREATE (:Application {
  load: $load,
  position: $position[i],
  applicationId: $applicationId[i],
  amountFen: $amountFen[i],
  termMonths: $termMonths[i],
  appliedOn: date($appliedOn[i]),
  purpose: $purpose[i],
  mode: $mode[i]
})-[:APPLIED_BY]->(member)
