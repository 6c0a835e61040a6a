// Finds the circles of one load by their place in the table.
// Parameters: none.
CREATE CONSTRAINT circles_circle_position IF NOT EXISTS
FOR (circle:Circle)
REQUIRE (circle.load, circle.position) IS UNIQUE
