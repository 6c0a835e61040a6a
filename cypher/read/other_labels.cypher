// Names the labels of a few nodes.
// Parameters: none.
MATCH (node)
WITH node
LIMIT 100
UNWIND labels(node) AS label
RETURN DISTINCT label
ORDER BY label
LIMIT 5
