// Counts all nodes of a database, whoever wrote them.
// Parameters: none.
MATCH (node)
RETURN count(node) AS nodes
