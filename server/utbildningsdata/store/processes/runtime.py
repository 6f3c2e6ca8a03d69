"""What lies in ``data/run`` while a server runs: its lock, the broker's socket, spooled answers.

The folder is readable by its owner only. A socket's address may have 107 bytes and a data folder
may lie deep, so the socket is reached by way of a descriptor of its folder.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from utbildningsdata.errors import OperationError
from utbildningsdata.store import locks

_RUN = "run"
_SOCKET = "broker"
_SPOOL = "spool"
_CLONES = "clones"
_LOCK = "serve.lock"
_BACKLOG = 128


@contextmanager
def claimed(data: Path) -> Iterator[None]:
    """Be the one server on this data folder, for as long as the context lasts.

    Raises:
        OperationError: Another server runs on it, or the folder cannot be written.
    """
    descriptor = os.open(_folder(data) / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not locks.exclusive(descriptor):
            raise OperationError(
                f"Another server already runs on the data folder '{data}': stop it, or set "
                "UTBILDNINGSDATA_DATA to another folder."
            )
        yield
    finally:
        os.close(descriptor)


def spool(data: Path) -> Path:
    """Return an empty folder for answers that are too large to keep in memory."""
    folder = _folder(data) / _SPOOL
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def clones(data: Path) -> Path:
    """Return an empty folder for the stores that updates are tried on.

    Raises:
        OperationError: The data folder cannot be written.
    """
    folder = _folder(data) / _CLONES
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def listen(data: Path) -> socket.socket:
    """Return the broker's listening socket; one that a killed broker left behind is replaced."""
    folder = _folder(data)
    with suppress(FileNotFoundError):
        (folder / _SOCKET).unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _short(folder) as address:
        listener.bind(address)
    listener.listen(_BACKLOG)
    return listener


def connect(data: Path) -> socket.socket:
    """Return a socket that is connected to the broker.

    Raises:
        OSError: No broker listens (at the moment).
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _short(data / _RUN) as address:
            connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}/{_SOCKET}"
    finally:
        os.close(descriptor)


def _folder(data: Path) -> Path:
    folder = data / _RUN
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise OperationError(
            f"The data folder '{data}' cannot be written ({error.strerror}): give this user "
            "access to it, or set UTBILDNINGSDATA_DATA to another folder."
        ) from error
    return folder
