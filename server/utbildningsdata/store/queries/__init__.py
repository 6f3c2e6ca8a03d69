"""Queries where they can be killed: a broker, its workers, and how others ask them.

``workers`` alone opens Oxigraph's store; ``broker`` owns the workers and the line before them;
``client`` asks from a web process. See docs/decisions/0006-run-queries-in-workers.md.
"""
