// Holds the portfolio as it is until the transaction ends, so that no load ends meanwhile.
// Parameters: load – number of the load.
MATCH (portfolio:Portfolio {key: 1})
SET portfolio.key = 1
WITH portfolio
WHERE portfolio.load = $load
RETURN portfolio.digest AS digest
