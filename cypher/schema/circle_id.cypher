// Finds a circle by its id, for people who ask the database themselves.
// Parameters: none.
CREATE INDEX circles_circle_id IF NOT EXISTS
FOR (circle:Circle)
ON (circle.circleId)
