"""``python -m hostile``: start a server, attack it, and say which demands it meets.

``--only WORD`` sends the cases whose file, class or name holds the word; the exit code is 1 where
a demand is not met.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from hostile import attack, cases
from hostile.sink import Sink
from hostile.site import served


def main() -> int:
    """Run what is asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m hostile", description=__doc__)
    parser.add_argument("--only", default="", help="only cases whose class or name holds this")
    parser.add_argument("--deadline", type=float, default=3.0, help="of the server, in seconds")
    asked = parser.parse_args()
    chosen = [case for case in cases.load() if asked.only in f"{case.group}: {case.name}"]
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        Sink() as sink,
        served(Path(folder), sink, asked.deadline) as site,
    ):
        met = attack.attack(site, sink, chosen)
    print(f"{len(chosen)} cases in {time.monotonic() - started:.0f} s")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
