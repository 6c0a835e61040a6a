// There is one lock, which whoever loads holds.
// Parameters: none.
CREATE CONSTRAINT circles_load_lock IF NOT EXISTS
FOR (lock:LoadLock)
REQUIRE lock.key IS UNIQUE
