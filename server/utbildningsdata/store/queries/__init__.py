"""Queries where they can be killed: how they are read, run, answered and refused.

``workers`` alone opens Oxigraph's store to answer; ``client`` asks from a web process. The broker
between them is in ``store.processes``. See docs/decisions/0006-run-queries-in-workers.md.
"""
