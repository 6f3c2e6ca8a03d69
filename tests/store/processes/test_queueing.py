"""Who is next."""

from __future__ import annotations

import asyncio

from support.loops import in_a_loop
from utbildningsdata.store.processes.queueing import WAITING, WAITING_EACH, Line, Question, Turn
from utbildningsdata.store.processes.shares import Shares


def line(*, workers: int = 100, share: float = 60.0, patience: float = 60.0) -> Line:
    return Line(Shares(share, workers), patience)


def put(into: Line, client: str, number: int = 1) -> Question:
    question = Question(client, {"number": number}, b"")
    into.put(question)
    return question


def error(question: Question) -> object:
    return question.answer.result()[0]["error"] if question.answer.done() else None


def taken(turn: Turn) -> tuple[str, int] | None:
    question = turn.result() if turn.done() else None
    return (question.client, question.header["number"]) if question else None


def given(turn: Turn) -> Question:
    question = turn.result()
    assert question is not None
    return question


def test_clients_take_turns_and_each_is_served_in_order() -> None:
    async def work() -> None:
        waiting = line()
        for client, number in [("a", 1), ("a", 2), ("a", 3), ("b", 1)]:
            put(waiting, client, number)
        turns = [taken(waiting.next()) for _ in range(5)]
        assert turns == [("a", 1), ("b", 1), ("a", 2), ("a", 3), None]

    in_a_loop(work)


def test_who_waits_for_a_question_gets_it_at_once() -> None:
    async def work() -> None:
        waiting = line()
        first, second = waiting.next(), waiting.next()
        first.cancel()
        put(waiting, "a")
        assert taken(second) == ("a", 1)
        assert len(waiting) == 0

    in_a_loop(work)


def test_a_client_holds_all_workers_but_one_and_then_it_waits() -> None:
    async def work() -> None:
        waiting = line(workers=3)
        for number in (1, 2, 3):
            put(waiting, "a", number)
        turns = [waiting.next() for _ in range(3)]
        assert [taken(turn) for turn in turns] == [("a", 1), ("a", 2), None]
        put(waiting, "b")
        assert taken(turns[2]) == ("b", 1)
        last = waiting.next()
        assert taken(last) is None
        waiting.release(given(turns[0]), 0.1)
        assert taken(last) == ("a", 3)

    in_a_loop(work)


def test_a_client_has_so_many_places_and_others_have_theirs() -> None:
    async def work() -> None:
        waiting = line(patience=4.2)
        questions = [put(waiting, "a") for _ in range(WAITING_EACH + 1)]
        assert [error(question) for question in questions] == [None] * 4 + ["rate-limited"]
        assert questions[-1].answer.result()[0]["retry_after"] == 5
        assert error(put(waiting, "b")) is None

    in_a_loop(work)


def test_the_line_has_an_end() -> None:
    async def work() -> None:
        waiting = line()
        questions = [put(waiting, f"client {number}") for number in range(WAITING + 1)]
        assert [error(question) for question in questions] == [None] * WAITING + ["overloaded"]

    in_a_loop(work)


def test_a_place_is_free_when_nobody_waits_for_the_answer_any_longer() -> None:
    async def work() -> None:
        waiting = line()
        for question in [put(waiting, "a") for _ in range(WAITING_EACH)]:
            question.answer.cancel()
        await asyncio.sleep(0)
        assert len(waiting) == 0
        late = put(waiting, "a", 7)
        assert taken(waiting.next()) == ("a", 7)
        assert error(late) is None

    in_a_loop(work)


def test_a_question_that_is_settled_meanwhile_is_passed_over() -> None:
    async def work() -> None:
        waiting = line()
        late = put(waiting, "a")
        late.settle({"error": "overloaded"})
        late.settle({})
        assert late.answer.result() == ({"error": "overloaded"}, b"")
        assert taken(waiting.next()) is None

    in_a_loop(work)


def test_a_question_is_given_up_when_its_patience_ends_counted_from_its_arrival() -> None:
    async def work() -> None:
        waiting = line(patience=5.0)
        question = Question("a", {}, b"")
        question.arrived -= 4.95
        waiting.put(question)
        await asyncio.sleep(0.01)
        assert error(question) is None
        await asyncio.sleep(0.1)
        assert error(question) == "overloaded"
        assert len(waiting) == 0

    in_a_loop(work)


def test_a_question_that_was_lost_is_the_next_of_its_client_and_has_its_own_patience() -> None:
    async def work() -> None:
        waiting = line(workers=2)
        put(waiting, "a", 1)
        lost = given(waiting.next())
        put(waiting, "a", 2)
        waiting.put_back(lost, 0.05)
        waiting.release(lost, 0.1)
        assert taken(waiting.next()) == ("a", 1)
        waiting.put_back(lost, 0.05)
        await asyncio.sleep(0.1)
        assert error(lost) == "overloaded"

    in_a_loop(work)


def test_who_has_used_its_share_is_refused_also_when_its_turn_comes() -> None:
    async def work() -> None:
        waiting = line(workers=2, share=2.0)
        put(waiting, "a", 1)
        running = given(waiting.next())
        waits = put(waiting, "a", 2)
        turn = waiting.next()
        waiting.release(running, 4.0)
        assert taken(turn) is None
        assert waits.answer.result()[0] == {
            "error": "rate-limited",
            "message": "",
            "retry_after": 60,
        }
        assert error(put(waiting, "a", 3)) == "rate-limited"
        put(waiting, "b", 1)
        assert taken(turn) == ("b", 1)

    in_a_loop(work)
