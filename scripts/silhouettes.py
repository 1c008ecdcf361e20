"""Redraw the counties' silhouettes for ``core/counties.py`` from a GeoJSON file of boundaries.

    python scripts/silhouettes.py county_boundaries.geojson

Shared borders are cut into arcs and each arc is simplified once (Visvalingam's least triangle), so
that neighbours still touch. Prints one line a county: its code, its path and where its name stands.
"""

import heapq
import json
import math
import sys
from collections import defaultdict
from pathlib import Path

Point = tuple[float, float]

WIDTH = 480.0
LEAST_TRIANGLE = 22.0  # square units of a drawing 480 wide; smaller corners are left out
MIDDLE_LATITUDE = 33.56


def main(source: Path) -> None:
    """Read the boundaries and print the silhouettes."""
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    raw = {f["properties"]["code"]: f["geometry"]["coordinates"][0][:-1] for f in features}
    rings, height = _project(raw)
    nodes = _nodes(rings)
    lines = [f"# {WIDTH:g} x {height:g}"]
    for code, ring in sorted(rings.items()):
        drawn = _simplified(ring, nodes)
        x, y = _inmost(drawn)
        lines.append(f"{code} {x:.0f} {y:.0f} {_path(drawn)}")
    sys.stdout.write("\n".join(lines) + "\n")


def _project(raw: dict[str, list[list[float]]]) -> tuple[dict[str, list[Point]], float]:
    points = [p for ring in raw.values() for p in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians(MIDDLE_LATITUDE))
    scale = (WIDTH - 4) / ((east - west) * squeeze)
    rings = {
        code: [((x - west) * squeeze * scale + 2, (north - y) * scale + 2) for x, y in ring]
        for code, ring in raw.items()
    }
    return rings, math.ceil((north - south) * scale + 4)


def _nodes(rings: dict[str, list[Point]]) -> set[Point]:
    """Corners where more than two borders meet; arcs run between them."""
    neighbours = defaultdict(set)
    for ring in rings.values():
        for one, other in zip(ring, ring[1:] + ring[:1], strict=True):
            neighbours[one].add(other)
            neighbours[other].add(one)
    return {point for point, others in neighbours.items() if len(others) > 2}


def _simplified(ring: list[Point], nodes: set[Point]) -> list[Point]:
    first = next(i for i, point in enumerate(ring) if point in nodes)
    walk = ring[first:] + ring[:first] + [ring[first]]
    drawn: list[Point] = []
    arc = [walk[0]]
    for point in walk[1:]:
        arc.append(point)
        if point in nodes:
            drawn += _simplified_arc(arc)[:-1]
            arc = [point]
    return drawn


def _simplified_arc(arc: list[Point]) -> list[Point]:
    """The arc without its small corners; the same from either end."""
    if arc[0] > arc[-1]:
        return _simplified_arc(arc[::-1])[::-1]
    kept = list(range(len(arc)))
    heap: list[tuple[float, int]] = []
    before, after = {}, {}
    for i in kept[1:-1]:
        before[i], after[i] = i - 1, i + 1
        heapq.heappush(heap, (_triangle(arc, i - 1, i, i + 1), i))
    while heap:
        area, i = heapq.heappop(heap)
        if i not in before or area != _triangle(arc, before[i], i, after[i]):
            continue
        if area >= LEAST_TRIANGLE:
            break
        left, right = before.pop(i), after.pop(i)
        kept.remove(i)
        for j, side, other in ((left, after, right), (right, before, left)):
            if j in side:
                side[j] = other
                heapq.heappush(heap, (_triangle(arc, before[j], j, after[j]), j))
    return [arc[i] for i in kept]


def _triangle(arc: list[Point], i: int, j: int, k: int) -> float:
    (ax, ay), (bx, by), (cx, cy) = arc[i], arc[j], arc[k]
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2


def _path(ring: list[Point]) -> str:
    tenths = [(round(x * 10), round(y * 10)) for x, y in ring]
    x, y = tenths[0]
    path = f"M{x / 10:g} {y / 10:g}l"
    steps = []
    for px, py in tenths[1:]:
        dx, dy = _short(px - x), _short(py - y)
        steps.append(dx + (dy if dy.startswith("-") else f" {dy}"))
        x, y = px, py
    text = steps[0]
    for step in steps[1:]:
        text += step if step.startswith("-") else f" {step}"
    return f"{path}{text}z"


def _short(tenths: int) -> str:
    return f"{tenths / 10:g}".replace("0.", ".", 1) if abs(tenths) < 10 else f"{tenths / 10:g}"


def _inmost(ring: list[Point]) -> Point:
    """The point of a grid that lies farthest from the border, wide names counted as ellipses."""
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    best, spot = -1.0, ring[0]
    for i in range(int(min(xs)), int(max(xs)), 3):
        for j in range(int(min(ys)), int(max(ys)), 3):
            if _inside(ring, i, j):
                room = min(math.hypot((px - i) / 2, py - j) for px, py in _dense(ring))
                if room > best:
                    best, spot = room, (i, j)
    return spot


def _dense(ring: list[Point]) -> list[Point]:
    found = []
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        parts = max(1, int(math.hypot(bx - ax, by - ay) // 4))
        found += [(ax + (bx - ax) * k / parts, ay + (by - ay) * k / parts) for k in range(parts)]
    return found


def _inside(ring: list[Point], x: float, y: float) -> bool:
    odd = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


if __name__ == "__main__":
    main(Path(sys.argv[1]))
