"""Defaults month by month."""
