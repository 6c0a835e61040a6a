"""Forming: from a portfolio and rules to a proposal that awaits a person."""
