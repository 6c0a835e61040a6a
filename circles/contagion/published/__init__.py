"""What the published models of clearing and contagion share."""
