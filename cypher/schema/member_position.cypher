// Finds the members of one load by their place in the table; edges are joined through it.
// Parameters: none.
CREATE CONSTRAINT circles_member_position IF NOT EXISTS
FOR (member:Member)
REQUIRE (member.load, member.position) IS UNIQUE
