// Completes what a bulk import wrote: lists with one empty text, which marks a null, and that it may be gone on with.
// Parameters: load – number of the load; layout – how its batches were cut.
MATCH (load:Load {load: $load})
SET load.layout = $layout,
  load.begunAt = datetime(),
  load.addedAt = datetime()
WITH load
MATCH (activity:Activity {load: $load})
WHERE activity.details IS NULL
SET activity.details = ['']
