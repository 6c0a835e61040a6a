// Notes that something is written under a name.
// Parameters: what – circles or failures; name; digest – of the portfolio it was made from; groups – circles or rounds;
// members – rows.
CREATE (:Run {what: $what, name: $name, digest: $digest, groups: $groups, members: $members, writtenAt: datetime()})
