// Removes the failures written under a name.
// Parameters: name.
MATCH (run:Run {what: 'failures', name: $name})
DETACH DELETE run
