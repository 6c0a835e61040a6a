// Counts the nodes of a database, unless circles wrote there before.
// Parameters: none.
OPTIONAL MATCH (lock:LoadLock {key: 1})
WITH lock
WHERE lock IS NULL
MATCH (node)
RETURN count(node) AS nodes
