// Lists the loads that have data here: the one that is read, those that were broken off, and those that are leaving.
// Parameters: none.
MATCH (load:Load)
RETURN load.load AS load,
  load.digest AS digest,
  load.layout AS layout,
  load.batches AS batches,
  load.isLeaving AS isLeaving
ORDER BY load
