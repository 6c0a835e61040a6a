// Takes the lock until the transaction ends; waits while another load holds it.
// Parameters: none.
MATCH (lock:LoadLock {key: 1})
SET lock.taken = true
RETURN lock.key AS key
