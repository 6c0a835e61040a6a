"""Listing the triples of members whose circles a relaxed plan may take too often."""

from __future__ import annotations

from circles.settlement.kernel import compile_loop


@compile_loop
def list_triples(begin, to, share, least, found):  # type: ignore[no-untyped-def]
    """List a < b < c whose pairs are together in circles of more than `least` altogether; give how many.

    `share` says, pair by pair, how much is taken of the circles that hold both. A circle that holds all three counts
    three times, so this is only the first test. It ends when `found` is full.
    """
    count = 0
    for a in range(len(begin) - 1):
        for x in range(begin[a], begin[a + 1]):
            b = to[x]
            if b <= a:
                continue
            y = begin[a]
            for z in range(begin[b], begin[b + 1]):
                c = to[z]
                if c <= b:
                    continue
                while y < begin[a + 1] and to[y] < c:
                    y += 1
                if y < begin[a + 1] and to[y] == c and share[x] + share[y] + share[z] > least:
                    if count == len(found):
                        return count
                    found[count, 0], found[count, 1], found[count, 2] = a, b, c
                    count += 1
    return count
