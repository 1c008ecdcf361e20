"""``python -m forecasting.engine NAME …``: forecasts of files, without a site or a database.

Every module of ``forecasting.engine.commands`` is one command of its own name. It offers ``HELP``
(one line), ``add_arguments(parser)`` and ``run(options)``, which gives the frame to be written.
"""

import argparse
import importlib
import os
import pkgutil
import resource
import sys
import time
from types import ModuleType

from forecasting.engine import commands

REFUSED = 2
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when the forecast is written, 2 when an input is refused."""
    # One thread, before numpy is loaded: sums come in one order, so two runs give equal bytes.
    os.environ.update(dict.fromkeys(THREADS, "1"))
    from forecasting.engine.files import InputError, write_forecast

    found = {module.name: _load(module.name) for module in pkgutil.iter_modules(commands.__path__)}
    options = _parser(found).parse_args(arguments)
    start = time.perf_counter()
    try:
        rows = write_forecast(found[options.command].run(options), options.out)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    cpu = time.process_time()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{options.out}: {rows} rows, {time.perf_counter() - start:.1f} s"
        f" ({cpu:.1f} s CPU), peak {peak_mb:.0f} MB\n"
    )
    return 0


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"{commands.__name__}.{name}")


def _parser(found: dict[str, ModuleType]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m forecasting.engine", description=__doc__)
    several = parser.add_subparsers(dest="command", required=True)
    for name, module in found.items():
        one = several.add_parser(name, help=module.HELP)
        module.add_arguments(one)
        one.add_argument("--out", required=True, help="CSV to write; .gz is compressed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
