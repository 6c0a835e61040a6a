"""The verifier: judges a plan's bound by plain enumeration, sharing nothing with the engine."""
