"""Who is next: questions that wait for a worker, taken in turns between clients."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field

from utbildningsdata.store.processes import frames
from utbildningsdata.store.processes.outcomes import Outcome
from utbildningsdata.store.processes.shares import Shares

WAITING = 16
"""Questions that may wait; fewer than a web process has threads, so that pages go on."""

WAITING_EACH = 4
"""Questions of one client that may wait."""

Answer = tuple[frames.Header, bytes]

Turn = asyncio.Future["Question | None"]
"""A question to come, for somebody who waits for one; None where it waits no longer."""


@dataclass(eq=False, slots=True)
class Question:
    """A query or a write on its way: who asks, what, and the future that gets the answer.

    ``arrived`` is by the loop's clock. ``begun`` tells whether a process has had it, and ``losses``
    counts those that were killed from outside while they had it.
    """

    client: str
    header: frames.Header
    body: bytes
    answer: asyncio.Future[Answer] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    arrived: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    begun: bool = False
    losses: int = 0

    def settle(self, header: frames.Header, body: bytes = b"") -> bool:
        """Give the answer; False where nobody waits for it any longer."""
        if self.answer.done():
            return False
        self.answer.set_result((header, body))
        return True

    def fail(self, outcome: Outcome, **members: object) -> None:
        """Answer with an error, if somebody still waits."""
        self.settle({"error": outcome, "message": "", **members})


class Line:
    """The questions that wait, at most :data:`WAITING`, and the workers that wait for one.

    Clients take turns: one that asks much waits for itself, not others for it. A question waits
    until ``patience`` seconds after it arrived, and no longer.
    """

    def __init__(self, shares: Shares, patience: float) -> None:
        self._shares = shares
        self._patience = patience
        self._waiting: dict[str, deque[Question]] = {}
        self._idle: deque[Turn] = deque()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def put(self, question: Question) -> None:
        """Let a question wait for its turn; it is answered at once where it may not."""
        client = question.client
        if self._shares.spent(client):
            self._refuse(question)
        elif len(self._waiting.get(client, ())) >= WAITING_EACH:
            # Whatever waits now is answered, or given up, when its patience is over.
            question.fail(Outcome.RATE_LIMITED, retry_after=math.ceil(self._patience))
        elif len(self) >= WAITING:
            question.fail(Outcome.OVERLOADED, retry_after=math.ceil(self._patience))
        else:
            self._waiting.setdefault(client, deque()).append(question)
            now = asyncio.get_running_loop().time()
            self._watch(question, question.arrived + self._patience - now)

    def put_back(self, question: Question, patience: float) -> None:
        """Let a question that was taken be the next of its client, room or not, for so long."""
        self._waiting.setdefault(question.client, deque()).appendleft(question)
        question.begun = False
        self._watch(question, patience)

    def next(self) -> Turn:
        """Ask for the next question: its client holds a worker from then on, until `release`."""
        turn: Turn = asyncio.get_running_loop().create_future()
        self._idle.append(turn)
        self._hand_out()
        return turn

    def release(self, question: Question, seconds: float) -> None:
        """Say that a worker can take another question, after so many seconds with this one."""
        self._shares.end(question.client, seconds)
        self._hand_out()

    def _hand_out(self) -> None:
        """Give questions to those who ask for one, as long as there are both."""
        while self._idle:
            if self._idle[0].done():  # nobody waits there any longer
                self._idle.popleft()
            elif (question := self._take()) is not None:
                question.begun = True
                self._shares.begin(question.client)
                self._idle.popleft().set_result(question)
            else:
                return

    def _take(self) -> Question | None:
        """Take the next question whose client may have a worker (now); None where there is none."""
        for client in list(self._waiting):
            if self._shares.free(client) and (question := self._pop(client)) is not None:
                return question
        return None

    def _pop(self, client: str) -> Question | None:
        """Take a client's next question that is still wanted, and let the client queue again."""
        questions = self._waiting.pop(client)
        while questions:
            question = questions.popleft()
            if question.answer.done():
                continue
            if self._shares.spent(client):
                self._refuse(question)
                continue
            if questions:
                self._waiting[client] = questions
            return question
        return None

    def _refuse(self, question: Question) -> None:
        seconds = max(1, math.ceil(self._shares.wait(question.client)))
        question.fail(Outcome.RATE_LIMITED, retry_after=seconds)

    def _watch(self, question: Question, patience: float) -> None:
        """Let a question be taken, or give it up in time, and its place with it."""
        self._hand_out()
        if not question.begun:
            timer = asyncio.get_running_loop().call_later(patience, self._give_up, question)
            question.answer.add_done_callback(lambda _: self._leave(question, timer))

    def _give_up(self, question: Question) -> None:
        if not question.begun:
            question.fail(Outcome.OVERLOADED, retry_after=math.ceil(self._patience))

    def _leave(self, question: Question, timer: asyncio.TimerHandle) -> None:
        timer.cancel()
        questions = self._waiting.get(question.client, deque())
        if question in questions:
            questions.remove(question)
        if not questions:
            self._waiting.pop(question.client, None)
