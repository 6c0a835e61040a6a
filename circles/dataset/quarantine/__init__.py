"""Quarantine: good rows load, bad rows are set aside with what is wrong with each."""
