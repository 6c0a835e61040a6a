"""Questions about a proposal: why not me, what else, what if these two swapped, what a rule costs, what would break.

Each question is a file with its result, which prints as a short text and holds frames. They ask the engine, the rules
and the settlement; none changes the proposal.
"""
