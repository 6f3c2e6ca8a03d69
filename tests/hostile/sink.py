"""A socket where nobody may knock: who does has been made to fetch from elsewhere."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class Sink:
    """Listens on loopback while it is entered, and keeps the first bytes of every visitor."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.visitors: list[bytes] = []
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/fetched"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                visitor, _ = self._socket.accept()
                self.visitors.append(b"")
                visitor.settimeout(1)
                with visitor, suppress(OSError):
                    self.visitors[-1] = visitor.recv(1000)
                    visitor.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
