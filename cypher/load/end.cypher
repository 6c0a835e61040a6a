// Makes a complete load the one that is read, and notes that all others are leaving; gives the one read before.
// Parameters: load – its number; batches – how many it has; digest, asOf, currency, format – of the portfolio;
// tables, rows – names of its tables and their rows; layers, edges, members, networks, largest – how far layers reach.
MATCH (load:Load {load: $load})
SET load.endedAt = datetime()
WITH load
WHERE load.batches = $batches AND NOT load.isLeaving
MERGE (portfolio:Portfolio {key: 1})
WITH portfolio, portfolio.load AS before
SET portfolio.load = $load,
  portfolio.digest = $digest,
  portfolio.asOf = date($asOf),
  portfolio.currency = $currency,
  portfolio.format = $format,
  portfolio.tables = $tables,
  portfolio.rows = $rows,
  portfolio.layers = $layers,
  portfolio.edges = $edges,
  portfolio.members = $members,
  portfolio.networks = $networks,
  portfolio.largest = $largest,
  portfolio.loadedAt = datetime()
WITH before
OPTIONAL MATCH (other:Load)
WHERE other.load <> $load
SET other.isLeaving = true
RETURN DISTINCT before
