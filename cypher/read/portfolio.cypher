// Gives the portfolio that is held: what it is of, and how much; and where one of its members stands.
// Parameters: member – its id, or null to ask for none.
MATCH (portfolio:Portfolio {key: 1})
OPTIONAL MATCH (member:Member {load: portfolio.load, memberId: $member})
RETURN portfolio.load AS load,
  portfolio.digest AS digest,
  toString(portfolio.asOf) AS asOf,
  portfolio.currency AS currency,
  portfolio.format AS format,
  portfolio.tables AS tables,
  portfolio.rows AS rows,
  portfolio.layers AS layers,
  portfolio.edges AS edges,
  portfolio.members AS members,
  portfolio.networks AS networks,
  portfolio.largest AS largest,
  member.position AS position,
  member.name AS name
LIMIT 1
