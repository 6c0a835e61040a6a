// A run is found by what it wrote and by its name.
// Parameters: none.
CREATE CONSTRAINT circles_run IF NOT EXISTS
FOR (run:Run)
REQUIRE (run.what, run.name) IS UNIQUE
