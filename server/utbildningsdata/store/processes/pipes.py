"""The pipes between a process and the one that started it."""

from __future__ import annotations

import os
from typing import BinaryIO


def take() -> tuple[BinaryIO, BinaryIO]:
    """Return standard input and output as pipes for frames, and keep them for frames alone.

    Whatever else reads reads nothing, and whatever else prints prints to standard error.
    """
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    return questions, answers


def fall_silent() -> None:
    """Let what an engine prints while it dies of a text not fill the log: its parent says it."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
