// Finds the members of one load by their place in the table; edges are joined through it.
// Parameters: none.
CREATE INDEX circles_member_position IF NOT EXISTS
FOR (member:Member)
ON (member.load, member.position)
