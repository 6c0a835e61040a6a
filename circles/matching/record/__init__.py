"""The audit file: a proposal with everything that a second person needs to judge it, as JSON (docs/audit.md).

Forming writes it and the check reads it; this room knows neither.
"""
