"""The engine: from the integer problem to the best plan found and a bound that no plan exceeds."""
