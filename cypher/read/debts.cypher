// Gives some members with the number of their loans, and what they owe on them.
// Parameters: load – number of the load; positions – places of members.
UNWIND $positions AS position
MATCH (member:Member {load: $load, position: position})
OPTIONAL MATCH (member)<-[:OWED_BY]-(loan:Loan)
RETURN position,
  member.memberId AS memberId,
  member.name AS name,
  count(loan) AS loans,
  coalesce(sum(loan.balanceFen + coalesce(loan.accruedInterestFen, 0)), 0) AS exposureFen
