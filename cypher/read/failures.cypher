// Gives the failures written under a name.
// Parameters: name.
MATCH (run:Run {what: 'failures', name: $name})
RETURN run.memberIds AS memberIds,
  run.rounds AS rounds,
  run.states AS states,
  run.causes AS causes,
  run.hitBy AS hitBy,
  run.ownShortfallsFen AS ownShortfallsFen
