// Adds members.
// Parameters: load – number of the load; position – rows in the table; one list for each column.
UNWIND range(0, size($position) - 1) AS i
CREATE (:Member {
  load: $load,
  position: $position[i],
  memberId: $memberId[i],
  name: $name[i],
  region: $region[i],
  city: $city[i],
  industry: $industry[i],
  registeredOn: date($registeredOn[i]),
  registeredCapitalFen: $registeredCapitalFen[i],
  annualSalesFen: $annualSalesFen[i],
  resourcesFen: $resourcesFen[i],
  resourcesSource: $resourcesSource[i],
  defaultProbability: $defaultProbability[i],
  recoveryRate: $recoveryRate[i],
  controlGroup: $controlGroup[i],
  netAssetsFen: $netAssetsFen[i],
  otherDebtFen: $otherDebtFen[i],
  annualDebtServiceFen: $annualDebtServiceFen[i],
  certifiedUntil: date($certifiedUntil[i]),
  joinedOn: date($joinedOn[i])
})
