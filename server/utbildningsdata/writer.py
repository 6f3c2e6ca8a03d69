"""The writer: the one process of a server that changes its data, one write after another.

``python -m utbildningsdata.writer PARENT`` reads the settings from the environment, gives up the
network, says with a first frame that it is ready, and then answers each frame on its standard
input with one on its standard output (``store.writes.wire``). The broker starts it at the first
write, and again when it ended. Foreign text is evaluated in a process of its own; killing either
leaves the last published revision whole.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable

from utbildningsdata import bootstrap
from utbildningsdata.errors import CatalogError, OperationError
from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import frames, isolation, lifeline, pipes
from utbildningsdata.store.writes import wire
from utbildningsdata.store.writes.ports import Write, Written

_log = logging.getLogger("utbildningsdata.writer")


def main() -> None:
    """Write until the other end closes, or until the parent is gone."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    questions, answers = pipes.take()
    refusal = isolation.leave_network()
    lifeline.end_with(int(sys.argv[1]))
    with bootstrap.writing(Settings.from_environ(os.environ)) as carry_out:
        answers.write(frames.pack({"ready": True, "network": refusal}))
        while (question := frames.read(questions)) is not None:
            answers.write(frames.pack(_answer(carry_out, *question)))


def _answer(
    carry_out: Callable[[Write], Written], header: frames.Header, body: bytes
) -> frames.Header:
    """Carry out one write; the outermost boundary of this process, which goes on whatever fails."""
    try:
        return wire.success(carry_out(wire.requested(header, body)))
    except CatalogError as error:
        return wire.failure(error)
    except Exception:
        _log.exception("an unforeseen error; nothing was written")
        return wire.failure(
            OperationError(
                "The write failed for a reason that is in the server's log: nothing was changed.",
                sv="Skrivningen misslyckades av ett skäl som står i serverns logg: inget ändrades.",
            )
        )


if __name__ == "__main__":
    main()
