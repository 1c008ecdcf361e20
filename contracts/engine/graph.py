"""One maximum flow through some parts of a network, with the shares of households in front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from contracts.engine.asks import Share
from contracts.engine.flow import Bools, Flow, Ints, max_flow
from contracts.engine.network import Network, total


@dataclass(frozen=True, eq=False)
class _Merged:
    """Shares over the same groups as one node each; ``of`` says by share which."""

    group: tuple[Ints, ...]
    cap: tuple[Ints, ...]
    rank: int
    amount: Ints
    of: Ints


@dataclass(frozen=True, eq=False)
class SharedFlow:
    """What flowed on the network's own arcs, out of each share into its groups, and the cut."""

    flow: Flow
    on_route: Ints
    on_share: list[tuple[Share, tuple[Ints, ...]]]


def send(
    network: Network,
    shares: Sequence[Share],
    *,
    inside: Bools,
    extra: Ints,
    drain: Ints,
    split: bool = False,
) -> SharedFlow:
    """Send the shares and ``extra`` (by node) along the routes ``inside`` to ``drain`` (by node).

    With ``split`` each share over several groups comes with what it sent into each of them.
    """
    nodes = network.first["end"]
    single, rest = _singles(network, shares)
    merged = [_merged(network, share) for share in rest]
    tails, heads, caps = [network.tail[inside]], [network.head[inside]], [network.capacity[inside]]
    supply = [extra.copy()]
    supply[0][: len(single)] += single
    count = nodes
    for one in merged:
        node = count + np.arange(len(one.amount))
        count += len(node)
        supply.append(one.amount * max(one.rank, 1))
        for group, cap in zip(one.group, one.cap, strict=True):
            tails.append(node)
            heads.append(group)
            caps.append(cap)
    flow = max_flow(
        tail=np.concatenate(tails),
        head=np.concatenate(heads),
        capacity=np.concatenate(caps),
        supply=np.concatenate(supply),
        drain=np.concatenate([drain, np.zeros(count - nodes, np.int64)]),
    )
    routes = int(np.count_nonzero(inside))
    on_share = _split(rest, merged, flow.on_arc[routes:]) if split else []
    return SharedFlow(flow, flow.on_arc[:routes], on_share)


def _singles(network: Network, shares: Sequence[Share]) -> tuple[Ints, list[Share]]:
    """What enters each group for itself alone, and the shares over several groups."""
    groups = len(network.group_station)
    entering = np.zeros(groups, np.int64)
    rest = []
    for share in shares:
        if len(share.group) == 1:
            entering += total(share.group[0], share.amount, groups)
        elif len(share.amount):
            rest.append(share)
    return entering, rest


def _merged(network: Network, share: Share) -> _Merged:
    if not share.rank:
        return _Merged(share.group, share.cap, 0, share.amount, np.arange(len(share.amount)))
    key = share.group[0]
    for group in share.group[1:]:
        key = key * len(network.group_station) + group
    _, first, of = np.unique(key, return_index=True, return_inverse=True)
    amount = total(of, share.amount, len(first))
    groups = tuple(group[first] for group in share.group)
    return _Merged(groups, (amount,) * len(groups), share.rank, amount, of)


def _split(
    shares: Sequence[Share], merged: Sequence[_Merged], on_arc: Ints
) -> list[tuple[Share, tuple[Ints, ...]]]:
    """Hand what flowed out of the merged nodes to the shares behind them, in their order."""
    found, place = [], 0
    for share, one in zip(shares, merged, strict=True):
        size = len(one.amount)
        out = [on_arc[place + i * size : place + (i + 1) * size] for i in range(len(one.group))]
        place += size * len(one.group)
        if not one.rank:
            found.append((share, tuple(out)))
        elif one.rank == 1:
            found.append((share, _filled(share.amount, one.of, out)))
        else:  # of three slots two take the amount, so what is handed out is who goes without
            missing = _filled(share.amount, one.of, [one.amount - column for column in out])
            found.append((share, tuple(share.amount - column for column in missing)))
    return found


def _filled(amount: Ints, of: Ints, columns: Sequence[Ints]) -> tuple[Ints, ...]:
    """Fill ``columns`` (amounts by merged node) from the shares of each node, one after another.

    >>> one, other = _filled(np.array([3, 4]), np.array([0, 0]), [np.array([5]), np.array([2])])
    >>> one.tolist(), other.tolist()
    ([3, 2], [0, 2])
    """
    order = np.argsort(of, kind="stable")
    after = np.cumsum(amount[order])
    start = np.flatnonzero(np.diff(of[order], prepend=-1))
    first = (after - amount[order])[start]
    after -= np.repeat(first, np.diff(np.append(start, len(of))))
    before = after - amount[order]
    low = np.zeros(len(start), np.int64)
    found = []
    for column in columns:
        high = low + column
        part = np.empty(len(of), np.int64)
        inside = np.minimum(after, high[of[order]]) - np.maximum(before, low[of[order]])
        part[order] = np.maximum(inside, 0)
        found.append(part)
        low = high
    return tuple(found)
