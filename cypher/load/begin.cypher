// Notes that a load begins, in one node a lane.
// Parameters: load – its number; digest – of the portfolio; layout – how its batches are cut; lanes – how many are
// added at the same time.
UNWIND range(0, $lanes - 1) AS lane
MERGE (load:Load {load: $load, lane: lane})
ON CREATE SET load.digest = $digest,
  load.layout = $layout,
  load.batches = 0,
  load.isLeaving = false,
  load.begunAt = datetime()
