"""One set of first defaults, round by round, as tables."""
