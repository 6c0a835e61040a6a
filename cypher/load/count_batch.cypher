// Notes that a batch is in, in the transaction that adds it, so that none is added twice; the first clause waits for
// whoever else adds to the load.
// Parameters: load – number of the load; batch – number of the batch, which is how many are in before it.
MATCH (load:Load {load: $load})
SET load.addedAt = datetime()
WITH load, load.batches AS before
WHERE NOT load.isLeaving
FOREACH (next IN CASE WHEN before = $batch THEN [$batch + 1] ELSE [] END |
  SET load.batches = next
)
RETURN before
