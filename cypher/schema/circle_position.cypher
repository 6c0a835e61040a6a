// Finds the circles of one load by their place in the table.
// Parameters: none.
CREATE INDEX circles_circle_position IF NOT EXISTS
FOR (circle:Circle)
ON (circle.load, circle.position)
