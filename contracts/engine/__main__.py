"""Plan an instance folder from the command line, or check a plan's reasons from the files alone.

    python -m contracts.engine INSTANCE_DIR --out PLAN.csv [--no-minimum-lots]
        [--reasons REASONS.csv] [--income INCOME.csv] [--gaps GAPS.csv]
    python -m contracts.engine check-reasons INSTANCE_DIR PLAN.csv REASONS.csv

Exit status 0: done, or every reason holds; 1: a reason does not hold; 2: a file cannot be used.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from contracts.engine.allocation import allocate
from contracts.engine.files import gap_lines, income_lines, plan_lines, read_instance, reason_lines
from contracts.engine.instance import Instance
from contracts.engine.plan import Plan

CHECK = "check-reasons"


def main(arguments: Sequence[str]) -> int:
    """Run one of the two commands; the exit status."""
    try:
        if arguments[:1] == [CHECK]:
            return _check(arguments[1:])
        return _plan(arguments)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _plan(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m contracts.engine")
    parser.add_argument("instance", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--no-minimum-lots", action="store_true")
    parser.add_argument("--reasons", type=Path)
    parser.add_argument("--income", type=Path)
    parser.add_argument("--gaps", type=Path)
    given = parser.parse_args(arguments)
    instance = read_instance(given.instance)
    read = time.process_time()
    plan = allocate(instance, minimum_lots=not given.no_minimum_lots)
    planned = time.process_time() - read
    digest = _write(given.out, plan_lines(plan))
    if given.reasons:
        _write(given.reasons, reason_lines(instance, plan))
    if given.income:
        _write(given.income, income_lines(plan))
    if given.gaps:
        _write(given.gaps, gap_lines(plan))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts in KiB
    _say(f"cpu seconds {time.process_time():.2f}, of them arrays to plan {planned:.2f}")
    _say(f"peak memory {peak:.0f} MiB")
    for line in _totals(instance, plan):
        _say(line)
    _say(f"input {instance.digest}")
    _say(f"output {plan.digest}")
    _say(f"sha256 {digest}")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _write(path: Path, pieces: Iterable[bytes]) -> str:
    sha = hashlib.sha256()
    with path.open("wb") as stream:
        for piece in pieces:
            stream.write(piece)
            sha.update(piece)
    return sha.hexdigest()


def _totals(instance: Instance, plan: Plan) -> Iterable[str]:
    home = instance.lot_household[np.searchsorted(instance.lot_id, plan.lot_id)]
    for tier in np.unique(instance.tier).tolist():
        mine = instance.tier == tier
        income, kg = int(plan.income_fen[mine].sum()), int(plan.kg[mine[home]].sum())
        served = int(np.count_nonzero(plan.income_fen[mine]))
        yield (
            f"tier {tier}: {np.count_nonzero(mine)} households, {served} served, "
            f"{kg} kg, {income // 100}.{income % 100:02d} yuan"
        )
    for gap in plan.gaps:
        how = "" if gap.all_levels else ", not all levels found"
        yield f"stage {gap.stage + 1}: short of fair by at most {gap.share:.4%}{how}"


def _check(arguments: Sequence[str]) -> int:
    from contracts.engine.verify import broken_reasons

    parser = argparse.ArgumentParser(prog=f"python -m contracts.engine {CHECK}")
    for name in ("instance", "plan", "reasons"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args(arguments)
    report = broken_reasons(read_instance(given.instance), given.plan, given.reasons)
    for kind, (rows, broken) in report.by_kind.items():
        _say(f"{kind}: {rows} rows, {broken} broken")
    for problem in report.problems:
        _say(problem)
    _say(f"{report.holding} of {report.rows} reasons hold")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
