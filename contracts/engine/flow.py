"""Maximum flow in whole numbers, and what can still be reached behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int64]

MOST_CAPACITY = 2**31 - 1


class CapacityTooLarge(ValueError):
    """A capacity is larger than the flow solver can count."""

    def __init__(self, capacity: int) -> None:
        super().__init__(f"a capacity of {capacity} is above {MOST_CAPACITY}")
        self.capacity = capacity


@dataclass(frozen=True)
class Flow:
    """A maximum flow: what runs on each arc, and the nodes a source could still send more to."""

    on_arc: Ints
    reached: NDArray[np.bool_]


def max_flow(*, tail: Ints, head: Ints, capacity: Ints, supply: Ints, drain: Ints) -> Flow:
    """Send as much as possible from nodes with ``supply`` to nodes with ``drain``.

    Parameters
    ----------
    tail, head, capacity : int arrays of shape (n_arcs,)
        Arcs between nodes ``0..n-1``, no arc twice and none together with its reverse.
    supply, drain : int arrays of shape (n,)
        What may enter and leave at each node.

    Raises
    ------
    CapacityTooLarge
        When a number does not fit the solver's 31 bits.

    Examples
    --------
    >>> one = np.array([0]), np.array([1]), np.array([5])
    >>> flow = max_flow(tail=one[0], head=one[1], capacity=one[2],
    ...                 supply=np.array([9, 0]), drain=np.array([0, 4]))
    >>> flow.on_arc.tolist(), flow.reached.tolist()
    ([4], [True, True])
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    n = len(supply)
    inner, outer = np.flatnonzero(supply), np.flatnonzero(drain)
    u = np.concatenate([tail, np.full(len(inner), n), outer])
    v = np.concatenate([head, inner, np.full(len(outer), n + 1)])
    c = np.concatenate([capacity, supply[inner], drain[outer]])
    if len(c) and int(c.max()) > MOST_CAPACITY:
        raise CapacityTooLarge(int(c.max()))
    graph = csr_array((c.astype(np.int32), (u, v)), shape=(n + 2, n + 2))
    result = maximum_flow(graph, n, n + 1, method="dinic")
    flow = _at(result.flow, u, v)
    return Flow(flow[: len(tail)], _reached(n + 2, u, v, c, flow, start=n)[:n])


def _at(matrix: csr_array, row: Ints, column: Ints) -> Ints:
    """Entries of a sparse matrix at many places; 0 where nothing is stored."""
    found = matrix.tocoo()
    width = matrix.shape[1]
    key = found.row.astype(np.int64) * width + found.col
    order = np.argsort(key, kind="stable")
    key, data = key[order], found.data[order].astype(np.int64)
    wanted = row * width + column
    place = np.minimum(np.searchsorted(key, wanted), max(len(key) - 1, 0))
    if not len(key):
        return np.zeros(len(row), np.int64)
    return np.where(key[place] == wanted, data[place], 0)


def _reached(n: int, u: Ints, v: Ints, c: Ints, flow: Ints, *, start: int) -> NDArray[np.bool_]:
    graph = residual_graph(n, u, v, c, flow, slack=0)
    return reached_from(graph, start)


def residual_graph(n: int, u: Ints, v: Ints, c: Ints, flow: Ints, *, slack: int) -> csr_array:
    """The arcs on which more than ``slack`` could still be sent, forwards or by taking back."""
    from scipy.sparse import csr_array

    forward, back = c - flow > slack, flow > slack
    rows = np.concatenate([u[forward], v[back]])
    columns = np.concatenate([v[forward], u[back]])
    return csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(n, n))


def reached_from(graph: csr_array, start: int) -> NDArray[np.bool_]:
    """The nodes that can be walked to from ``start``, itself among them."""
    from scipy.sparse.csgraph import breadth_first_order

    reached = np.zeros(graph.shape[0], bool)
    reached[breadth_first_order(graph, start, return_predecessors=False)] = True
    return reached
