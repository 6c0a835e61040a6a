// Notes that a load begins.
// Parameters: load – its number; digest – of the portfolio; layout – how its batches are cut.
MERGE (load:Load {load: $load})
ON CREATE SET load.digest = $digest,
  load.layout = $layout,
  load.batches = 0,
  load.isLeaving = false,
  load.begunAt = datetime()
