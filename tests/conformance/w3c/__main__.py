"""Run the W3C suite: ``python -m conformance.w3c SUITE`` (see docs/conformance.md).

Without addresses it starts our own server as a plain store.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from conformance.w3c import known
from conformance.w3c.endpoint import Endpoint
from conformance.w3c.run import run, table
from conformance.w3c.server import plain_store
from conformance.w3c.suite import Suite


def main() -> int:
    """Run, print every failure with its reason and a table.

    Returns:
        1 where one failed; of our own server, where one failed that is not known to.
    """
    parser = argparse.ArgumentParser(prog="conformance.w3c", description=__doc__)
    parser.add_argument("suite", type=Path, help="a checkout of https://github.com/w3c/rdf-tests")
    parser.add_argument("--query", help="the address for queries of another server")
    parser.add_argument("--update", help="its address for updates; that for queries if not given")
    parser.add_argument("--graphs", default="", help="the address of its graph store, if any")
    parser.add_argument("--token", default="", help="what is sent as Authorization: Bearer")
    parser.add_argument("--only", default="", help="tests whose category or name holds this")
    asked = parser.parse_args()
    suite = Suite(asked.suite)
    if asked.query:
        other = Endpoint(asked.query, asked.update or asked.query, asked.graphs, asked.token)
        return int(bool(_report(suite, other, asked.only)))
    with plain_store() as own:
        return int(bool(_report(suite, own, asked.only) - known.failures()))


def _report(suite: Suite, endpoint: Endpoint, only: str) -> set[str]:
    verdicts = []
    for verdict in run(suite, endpoint, only):
        verdicts.append(verdict)
        if verdict.reason:
            print(f"FAILED {verdict.category}: {verdict.name}: {verdict.reason}", flush=True)
        elif verdict.remark:
            print(f"spelled otherwise {verdict.category}: {verdict.name}: {verdict.remark}")
    print(f"\n{table(verdicts)}")
    return {verdict.name for verdict in verdicts if verdict.reason}


if __name__ == "__main__":
    raise SystemExit(main())
