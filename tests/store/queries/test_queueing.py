"""Who is next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from utbildningsdata.store.queries.queueing import Line, Question


def in_a_loop(work: Callable[[], None]) -> None:
    """Do the work in an event loop of a thread of its own: browser tests leave one in this one."""

    async def run() -> None:
        work()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


def test_clients_take_turns_and_each_is_served_in_order() -> None:
    def work() -> None:
        line = Line(10)
        for client, number in [("a", 1), ("a", 2), ("a", 3), ("b", 1)]:
            assert line.put(Question(client, {"number": number}, b""))
        taken = [line.take() for _ in range(5)]
        assert [q and (q.client, q.header["number"]) for q in taken] == [
            ("a", 1),
            ("b", 1),
            ("a", 2),
            ("a", 3),
            None,
        ]

    in_a_loop(work)


def test_the_line_has_an_end() -> None:
    def work() -> None:
        line = Line(1)
        assert line.put(Question("a", {}, b""))
        assert not line.put(Question("b", {}, b""))
        line.put_back(Question("c", {}, b""))
        assert len(line) == 2

    in_a_loop(work)


def test_a_question_that_is_settled_meanwhile_is_passed_over() -> None:
    def work() -> None:
        line = Line(2)
        late = Question("a", {}, b"")
        line.put(late)
        late.settle({"error": "overloaded"})
        late.settle({})
        assert late.answer.result() == ({"error": "overloaded"}, b"")
        assert line.take() is None

    in_a_loop(work)
