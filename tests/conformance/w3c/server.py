"""Our own server as a plain store, for the run of the suite: started, asked, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conformance.w3c.endpoint import Endpoint

_PATIENCE = 60.0  # seconds until it must listen


@contextmanager
def plain_store() -> Iterator[Endpoint]:
    """Serve an empty plain store on a free port of loopback, in a data folder that is removed."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        port = _free_port()
        environ = os.environ | {
            "UTBILDNINGSDATA_BASE": f"http://localhost:{port}/",
            "UTBILDNINGSDATA_DATA": str(Path(folder) / "data"),
            "UTBILDNINGSDATA_SHAPES": "none",
            "UTBILDNINGSDATA_DEFAULT_GRAPH": "own",
            "UTBILDNINGSDATA_SHARE": "600",
        }
        token = _command(environ, "token", "new", "conformance").strip()
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "utbildningsdata", "serve", "--port", str(port)],
                env=environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait(process, log)
            sparql = f"http://localhost:{port}/sparql"
            yield Endpoint(sparql, f"{sparql}/update", f"{sparql}/graphs", token)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(environ: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "utbildningsdata", *words],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while "listening" not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"the server does not listen: {log.read_text()}")
        time.sleep(0.05)
