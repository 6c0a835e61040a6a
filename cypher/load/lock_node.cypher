// Makes sure that the lock is there.
// Parameters: none.
MERGE (lock:LoadLock {key: 1})
RETURN lock.key AS key
