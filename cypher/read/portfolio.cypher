// Gives the portfolio that is held: what it is of, and how much.
// Parameters: none.
MATCH (portfolio:Portfolio {key: 1})
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
  portfolio.largest AS largest
