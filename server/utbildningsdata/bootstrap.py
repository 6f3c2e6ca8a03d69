"""Wiring: the one place that names concrete adapters and gives them to services."""

from __future__ import annotations

from dataclasses import dataclass

from utbildningsdata.settings import Settings
from utbildningsdata.store.ports import QueryEngine, Revisions


@dataclass(frozen=True, slots=True)
class Services:
    """What the web and the command line work with."""

    settings: Settings
    revisions: Revisions
    engine: QueryEngine
