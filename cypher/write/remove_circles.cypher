// Removes the circles written under a name.
// Parameters: name.
MATCH (run:Run {what: 'circles', name: $name})
OPTIONAL MATCH (run)-[:PROPOSED]->(circle:Circle)
DETACH DELETE circle, run
