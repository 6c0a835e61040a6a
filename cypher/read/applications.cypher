// Gives applications as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (member:Member {load: $load})<-[:APPLIED_BY]-(application:Application)
WHERE $first <= member.position < $end
RETURN collect([
  application.position,
  application.applicationId,
  member.position,
  application.amountFen,
  application.termMonths,
  toString(application.appliedOn),
  application.purpose,
  application.mode
]) AS rows
