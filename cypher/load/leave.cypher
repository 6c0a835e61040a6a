// Notes that the data of a load are being removed, so that it is not continued.
// Parameters: load – its number.
MATCH (load:Load {load: $load})
SET load.isLeaving = true
