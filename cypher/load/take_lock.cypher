// Takes the lock until the transaction ends; waits while another load holds it.
// Parameters: key – of the lock, 1; 0 for none, to have the statement planned before it is timed.
MATCH (lock:LoadLock {key: $key})
SET lock.taken = true
RETURN lock.key AS key
