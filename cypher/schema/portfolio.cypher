// There is one portfolio in a database.
// Parameters: none.
CREATE CONSTRAINT circles_portfolio IF NOT EXISTS
FOR (portfolio:Portfolio)
REQUIRE portfolio.key IS UNIQUE
