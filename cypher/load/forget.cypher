// Forgets a load whose data were removed.
// Parameters: load – its number.
MATCH (load:Load {load: $load})
DELETE load
