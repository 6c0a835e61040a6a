"""The bank's loss over many random scenarios."""
