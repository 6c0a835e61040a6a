// Gives members as they were loaded: lists of place and columns.
// Parameters: load – number of the load; first, end – from which member's place on, and up to which.
MATCH (member:Member {load: $load})
WHERE $first <= member.position < $end
RETURN collect([
  member.position,
  member.memberId,
  member.name,
  member.region,
  member.city,
  member.industry,
  toString(member.registeredOn),
  member.registeredCapitalFen,
  member.annualSalesFen,
  member.resourcesFen,
  member.resourcesSource,
  member.defaultProbability,
  member.recoveryRate,
  member.controlGroup,
  member.netAssetsFen,
  member.otherDebtFen,
  member.annualDebtServiceFen,
  toString(member.certifiedUntil),
  toString(member.joinedOn)
]) AS rows
