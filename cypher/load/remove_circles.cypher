// Removes some circles of a load; their members stay.
// Parameters: load – its number; most – how many circles to remove at once.
MATCH (circle:Circle {load: $load})
WHERE circle.position >= 0
WITH circle
LIMIT $most
DETACH DELETE circle
RETURN count(*) AS removed
