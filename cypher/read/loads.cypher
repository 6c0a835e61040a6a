// Lists the loads that have data here: the one that is read, those that were broken off, and those that are leaving;
// how many batches are in is told lane by lane.
// Parameters: none.
MATCH (lane:Load)
WITH lane
ORDER BY lane.load, lane.lane
RETURN lane.load AS load,
  min(lane.digest) AS digest,
  min(lane.layout) AS layout,
  collect(lane.batches) AS batches,
  true IN collect(lane.isLeaving) AS isLeaving
ORDER BY load
