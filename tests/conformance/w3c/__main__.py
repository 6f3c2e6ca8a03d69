"""Run the W3C suite: ``python -m conformance.w3c SUITE`` (see docs/conformance.md)."""

from __future__ import annotations

import argparse
from pathlib import Path

from conformance.w3c.endpoint import Endpoint
from conformance.w3c.run import run, table
from conformance.w3c.suite import Suite


def main() -> int:
    """Run, print every failure with its reason and a table, and return 1 where one failed."""
    parser = argparse.ArgumentParser(prog="conformance.w3c", description=__doc__)
    parser.add_argument("suite", type=Path, help="a checkout of https://github.com/w3c/rdf-tests")
    parser.add_argument("--query", default="", help="the address for queries")
    parser.add_argument("--update", default="", help="the address for updates")
    parser.add_argument("--graphs", default="", help="the address of the graph store")
    parser.add_argument("--token", default="", help="what is sent as Authorization: Bearer")
    parser.add_argument("--only", default="", help="tests whose category or name holds this")
    asked = parser.parse_args()
    endpoint = Endpoint(asked.query, asked.update, asked.graphs, asked.token)
    verdicts = []
    for verdict in run(Suite(asked.suite), endpoint, asked.only):
        verdicts.append(verdict)
        if verdict.reason:
            print(f"FAILED {verdict.category}: {verdict.name}: {verdict.reason}", flush=True)
        elif verdict.remark:
            print(f"spelled otherwise {verdict.category}: {verdict.name}: {verdict.remark}")
    print(f"\n{table(verdicts)}")
    return int(any(verdict.reason for verdict in verdicts))


if __name__ == "__main__":
    raise SystemExit(main())
