"""Who is next: questions that wait for a worker, taken in turns between clients."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from utbildningsdata.store.queries import frames

Answer = tuple[frames.Header, bytes]


@dataclass(eq=False, slots=True)
class Question:
    """A query on its way: who asks, what, and the future that gets the answer.

    ``losses`` counts the workers that were killed from outside while they had it.
    """

    client: str
    header: frames.Header
    body: bytes
    answer: asyncio.Future[Answer] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    losses: int = 0

    def settle(self, header: frames.Header, body: bytes = b"") -> bool:
        """Give the answer; False where nobody waits for it any longer."""
        if self.answer.done():
            return False
        self.answer.set_result((header, body))
        return True


class Line:
    """The questions that wait, at most ``limit`` of them.

    Clients take turns: one that asks much waits for itself, not others for it. Limits per client
    belong in :meth:`put`.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: dict[str, deque[Question]] = {}
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def put(self, question: Question) -> bool:
        """Let a question wait; False where there is no room."""
        if len(self) >= self._limit:
            return False
        self._waiting.setdefault(question.client, deque()).append(question)
        self._filled.set()
        return True

    def put_back(self, question: Question) -> None:
        """Let a question that was taken be the next of its client, room or not."""
        self._waiting.setdefault(question.client, deque()).appendleft(question)
        self._filled.set()

    async def filled(self) -> None:
        """Wait until a question waits (somebody else may be faster to take it)."""
        await self._filled.wait()

    def take(self) -> Question | None:
        """Take the next question whose answer is still wanted; None where there is none."""
        while self._waiting:
            client = next(iter(self._waiting))
            questions = self._waiting.pop(client)
            question = questions.popleft()
            if questions:
                self._waiting[client] = questions
            if not question.answer.done():
                return question
        self._filled.clear()
        return None
