// Lists what was written under which name.
// Parameters: what – circles or failures.
MATCH (run:Run {what: $what})
RETURN run.name AS name, run.digest AS digest, run.groups AS groups, run.members AS members
