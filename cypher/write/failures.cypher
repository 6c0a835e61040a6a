// Adds failures under a name, as lists (-1 for a null, an empty text for no text).
// Parameters: name; memberIds, rounds, states, causes, hitBy, ownShortfallsFen.
MATCH (run:Run {what: 'failures', name: $name})
SET run.memberIds = $memberIds,
  run.rounds = $rounds,
  run.states = $states,
  run.causes = $causes,
  run.hitBy = $hitBy,
  run.ownShortfallsFen = $ownShortfallsFen
