"""Frames are the same however the bytes of them come."""

from __future__ import annotations

import io
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from utbildningsdata.store.processes import frames

NUMBERS = st.integers(-(2**63), 2**64 - 1)  # what an orjson integer may be; lengths and counts are
HEADERS = st.dictionaries(st.text(max_size=5), NUMBERS | st.text(max_size=5), max_size=3)
FRAMES = st.lists(st.tuples(HEADERS, st.binary(max_size=20)), max_size=4)


@given(FRAMES, st.lists(st.integers(0, 300), max_size=8))
def test_frames_are_given_when_they_are_complete_wherever_the_bytes_were_cut(
    sent: list[tuple[frames.Header, bytes]], cuts: list[int]
) -> None:
    whole = b"".join(frames.pack(*frame) for frame in sent)
    buffer = frames.Buffer()
    received: list[tuple[frames.Header, bytes]] = []
    for start, end in pairwise([0, *sorted(cuts), max([len(whole), *cuts])]):
        received += buffer.feed(whole[start:end])
    assert received == sent


@given(FRAMES)
def test_a_stream_gives_the_same_frames_and_then_none(
    sent: list[tuple[frames.Header, bytes]],
) -> None:
    stream = io.BytesIO(b"".join(frames.pack(*frame) for frame in sent))
    assert [frames.read(stream) for _ in sent] == sent
    assert frames.read(stream) is None


def test_a_stream_that_ends_in_the_midst_of_a_frame_gives_none() -> None:
    whole = frames.pack({"a": 1}, b"body")
    for length in range(len(whole)):
        assert frames.read(io.BytesIO(whole[:length])) is None
