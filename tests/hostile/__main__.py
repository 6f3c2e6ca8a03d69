"""``python -m hostile``: start a server, attack it, and say which demands it meets.

The cases come first, then floods; ``--soak MINUTES`` loads the server instead, with a tenth of
the requests hostile. The exit code is 1 where a demand is not met.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from hostile import attack, cases, flood, soak
from hostile.cases import Case
from hostile.report import Demand, all_met
from hostile.sink import Sink
from hostile.site import Site, served


def main() -> int:
    """Run what is asked for; return the exit code."""
    asked = _asked()
    chosen = [case for case in cases.load() if asked.only in f"{case.group}: {case.name}"]
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        Sink() as sink,
        served(Path(folder), sink, asked.deadline) as site,
    ):
        met = all_met(_demands(asked, site, sink, chosen))
    print(f"in {time.monotonic() - started:.0f} s")
    return 0 if met else 1


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m hostile", description=__doc__)
    parser.add_argument("--only", default="", help="only cases whose class or name holds this")
    parser.add_argument("--deadline", type=float, default=3.0, help="of the server, in seconds")
    parser.add_argument("--flood", type=float, default=15.0, help="seconds of each flood (0: none)")
    parser.add_argument("--soak", type=float, default=0.0, help="minutes of mixed load instead")
    return parser.parse_args()


def _demands(
    asked: argparse.Namespace, site: Site, sink: Sink, chosen: Sequence[Case]
) -> Iterator[Demand]:
    if asked.soak:
        yield from soak.soak(site, sink, chosen, asked.soak)
        return
    if chosen:
        yield from attack.attack(site, sink, chosen)
    if asked.flood:
        yield from flood.floods(site, asked.flood)


if __name__ == "__main__":
    sys.exit(main())
