"""Form guarantee circles (联保) with a proof of how good each plan is, and simulate how a default spreads."""

__version__ = "0.1.0"
