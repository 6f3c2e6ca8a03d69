"""Whether the service answers, for whoever keeps it running: ``/health``, as JSON.

200 says that a query was answered just now, by a worker that readers never get; 503 that it was
not. It depends on nothing else: a server whose other workers are all busy is healthy.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict

from flask import Blueprint, Response

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import CatalogError

_MEDIA_TYPE = "application/json"
_RETRY_AFTER = "5"

_log = logging.getLogger(__name__)


def blueprint(services: Services) -> Blueprint:
    """Return the route of the health check."""
    routes = Blueprint("health", __name__)

    def health() -> Response:
        try:
            found = services.engine.health()
        except CatalogError as error:
            _log.error("unhealthy: %s", error.message)
            response = _json({"status": "unavailable"}, 503)
            response.headers["Retry-After"] = _RETRY_AFTER
            return response
        return _json({"status": "ok", **asdict(found)}, 200)

    routes.add_url_rule("/health", "health", health, methods=["GET"])
    return routes


def _json(members: dict[str, object], status: int) -> Response:
    response = Response(json.dumps(members) + "\n", status, content_type=_MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response
