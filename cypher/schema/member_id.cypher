// Finds a member by its id.
// Parameters: none.
CREATE INDEX circles_member_id IF NOT EXISTS
FOR (member:Member)
ON (member.memberId)
