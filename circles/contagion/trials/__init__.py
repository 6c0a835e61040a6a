"""Random trials: factors, draws by counter, and the threads that work on them."""
