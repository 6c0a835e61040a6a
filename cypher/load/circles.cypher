// Adds circles.
// Parameters: load – number of the load; position – rows in the table; one list for each column.
UNWIND range(0, size($position) - 1) AS i
CREATE (:Circle {
  load: $load,
  position: $position[i],
  circleId: $circleId[i],
  formedOn: date($formedOn[i]),
  expiresOn: date($expiresOn[i]),
  depositFen: $depositFen[i],
  status: $status[i]
})
