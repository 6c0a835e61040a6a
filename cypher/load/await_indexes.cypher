// Waits until every index can be used.
// Parameters: seconds – how long to wait at most.
CALL db.awaitIndexes($seconds)
