"""The web server: granian with the application, in as many processes as the settings say.

``python -m utbildningsdata.web.wsgi PARENT`` reads the settings from the environment. The
processes share the port; one that ends is replaced by granian, and all end with their parent.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from functools import partial

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from utbildningsdata import bootstrap
from utbildningsdata.errors import CatalogError
from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import lifeline
from utbildningsdata.web.app import create_app
from utbildningsdata.web.gate import Gate

THREADS = 32
"""Requests that a process works on at a time: more than queries may wait, so that pages go on."""

_GRACE = 3  # seconds that requests have to finish when the server stops
_RESPAWN = 0.05  # seconds between the start of a new process and the end of an old one


def main() -> None:
    """Run the web server until SIGTERM or SIGINT, or until its parent is gone."""
    settings = Settings.from_environ(os.environ)
    lifeline.end_with(int(sys.argv[1]))
    server = Granian(
        "utbildningsdata.web.wsgi",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.processes,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        respawn_interval=_RESPAWN,
        workers_kill_timeout=_GRACE,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(application, settings, os.getpid()), wrap_loader=False)


def application(settings: Settings, parent: int) -> Flask:
    """Make the application in a web process, which ends with ``parent``."""
    lifeline.end_with(parent)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    try:
        app = create_app(bootstrap.services(settings))
    except CatalogError as error:
        logging.getLogger(__name__).error("%s", error.message)
        raise SystemExit(1) from error
    app.wsgi_app = Gate(app.wsgi_app, THREADS // 2, settings.proxies)  # type: ignore[method-assign]
    # What is here now stays: the collector need not look through it again with every few requests.
    gc.collect()
    gc.freeze()
    return app


if __name__ == "__main__":
    main()
