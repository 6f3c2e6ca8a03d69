"""A program that loads new versions in a loop until it is killed; started by tests.

``python loader.py ROOT START`` prints the number of each revision that it has published.
"""

from __future__ import annotations

import sys
from pathlib import Path

from support.workshop import Workshop


def main(root: Path, start: int) -> None:
    """Load forever: each round changes one record and, now and then, all of them."""
    workshop = Workshop(root, keep=3)
    for number in range(start, sys.maxsize):
        for slug in range(5 if number % 3 else 1):
            workshop.dataset(f"d{slug}", f"{number}")
        print(workshop.load().revision, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
