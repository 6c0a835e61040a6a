// Names the indexes of circles that can be used.
// Parameters: none.
SHOW INDEXES
YIELD name, state
WHERE name STARTS WITH 'circles_' AND state = 'ONLINE'
RETURN collect(name) AS names
