"""Passes of the first-order method over the columns and the rows of a packing programme, all of whose entries are 1.

Every column and every row moves with a step of its own size (T. Pock and A. Chambolle, "Diagonal preconditioning for
first order primal-dual algorithms", ICCV 2011): the more entries it has, the less.
"""

from __future__ import annotations

from circles.settlement.kernel import compile_loop


@compile_loop
def move_columns(begin, rows, worth, live, price, share, new_share, new_use, total, pending, step):  # type: ignore[no-untyped-def]
    """Move the shares of some columns by what they are worth beyond their rows' prices; give by how much.

    Parameters
    ----------
    begin, rows, worth
        Shape (m + 1,), (e,) and (m,). The programme.
    live
        The columns that move; the others are not taken.
    price, share
        Shape (n,) and (m,). Where rows and columns are.
    new_share, new_use
        Shape (m,) and (n,). Take the new shares, and their sums by row.
    total
        Shape (m,). Takes `pending` times the old shares besides.
    """
    moved = 0.0
    new_use[:] = 0.0
    for c in live:
        excess, old, size = worth[c], share[c], begin[c + 1] - begin[c]
        for k in range(begin[c], begin[c + 1]):
            excess -= price[rows[k]]
        total[c] += pending * old
        new = old + step * excess / size
        if new > 0.0:
            for k in range(begin[c], begin[c + 1]):
                new_use[rows[k]] += new
        else:
            new = 0.0
        new_share[c] = new
        moved += size * (new - old) * (new - old)
    return moved


@compile_loop
def move_rows(weight, use, new_use, price, new_price, step):  # type: ignore[no-untyped-def]
    """Move the prices of rows by how much they are used; give by how much, and how far columns and rows interfere.

    `weight`, shape (n,), is the number of columns of each row.
    """
    moved, together = 0.0, 0.0
    for i in range(len(price)):
        new = price[i] - step * (1.0 - 2.0 * new_use[i] + use[i]) / weight[i]
        if new < 0.0:
            new = 0.0
        new_price[i] = new
        moved += weight[i] * (new - price[i]) * (new - price[i])
        together += (new - price[i]) * (new_use[i] - use[i])
    return moved, abs(together)
