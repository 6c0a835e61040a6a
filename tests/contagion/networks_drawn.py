"""Small random networks of whole amounts, for the laws of the published models."""

import numpy as np
from hypothesis import strategies as st


@st.composite
def networks(draw, largest=20):
    """Give a network without claims on oneself, and a generator for what else the test needs."""
    count = draw(st.integers(1, 7))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    density = draw(st.sampled_from([0.2, 0.5, 1.0]))
    network = generator.integers(1, largest + 1, (count, count)) * (generator.random((count, count)) < density)
    np.fill_diagonal(network, 0)
    return network.astype(float), generator
