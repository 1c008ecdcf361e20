"""Maximum flow in whole numbers, and what can still be reached behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Flow:
    """A maximum flow: what runs on each arc, and the nodes a source could still send more to."""

    on_arc: Ints
    reached: Bools


def max_flow(*, tail: Ints, head: Ints, capacity: Ints, supply: Ints, drain: Ints) -> Flow:
    """Send as much as possible from nodes with ``supply`` to nodes with ``drain``.

    Parameters
    ----------
    tail, head, capacity : int arrays of shape (n_arcs,)
        Arcs between nodes ``0..n-1``.
    supply, drain : int arrays of shape (n,)
        What may enter and leave at each node.

    Examples
    --------
    >>> one = np.array([0]), np.array([1]), np.array([5])
    >>> flow = max_flow(tail=one[0], head=one[1], capacity=one[2],
    ...                 supply=np.array([9, 0]), drain=np.array([0, 4]))
    >>> flow.on_arc.tolist(), flow.reached.tolist()
    ([4], [True, True])
    """
    from ortools.graph.python.max_flow import SimpleMaxFlow

    n = len(supply)
    inner, outer = np.flatnonzero(supply), np.flatnonzero(drain)
    u = np.concatenate([tail, np.full(len(inner), n), outer]).astype(np.int32)
    v = np.concatenate([head, inner, np.full(len(outer), n + 1)]).astype(np.int32)
    c = np.concatenate([capacity, supply[inner], drain[outer]])
    reached = np.zeros(n + 2, bool)
    if not len(inner) or not len(outer):
        reached[_walked(n, tail, head, capacity, inner)] = True
        return Flow(np.zeros(len(tail), np.int64), reached[:n])
    solver = SimpleMaxFlow()
    arcs = solver.add_arcs_with_capacity(u, v, c)
    if solver.solve(n, n + 1) != solver.OPTIMAL:
        raise ValueError("the flow could not be computed")
    reached[np.asarray(solver.get_source_side_min_cut(), np.int64)] = True
    return Flow(np.asarray(solver.flows(arcs[: len(tail)]), np.int64), reached[:n])


def _walked(n: int, tail: Ints, head: Ints, capacity: Ints, starts: Ints) -> Ints:
    """Nodes that arcs with room lead to from ``starts``, those among them."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    room = capacity > 0
    u = np.concatenate([tail[room], np.full(len(starts), n)])
    v = np.concatenate([head[room], starts])
    graph = csr_array((np.ones(len(u), np.int8), (u, v)), shape=(n + 1, n + 1))
    walked = breadth_first_order(graph, n, return_predecessors=False).astype(np.int64)
    return walked[walked < n]
