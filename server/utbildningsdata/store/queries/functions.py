"""Functions that a query calls and nobody knows: an error where they are called, not before.

The engine refuses the whole query before it looks at the data. To SPARQL 1.1 (section 17) a call is
part of an expression: what is never called, or only with an argument that is an error already, can
do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import pyoxigraph as ox

_UNKNOWN = re.compile(r"custom function <([^<>]*)> is not supported")
_MAX_UNKNOWN = 20  # the query is parsed anew for each

Found = TypeVar("Found")


class Unknown:
    """The unknown functions of one query, and the first that was called."""

    def __init__(self) -> None:
        self._stubs: dict[ox.NamedNode, Callable[..., Any]] = {}
        self._called = ""

    def run(self, query: Callable[[dict[ox.NamedNode, Callable[..., Any]]], Found]) -> Found:
        """Run ``query`` with a function for each name that it calls and the engine does not know.

        Raises:
            RuntimeError: What the engine raises otherwise.
        """
        while True:
            try:
                return query(self._stubs)
            except RuntimeError as error:
                match = _UNKNOWN.search(str(error))
                if match is None or len(self._stubs) == _MAX_UNKNOWN:
                    raise
                self._stubs[ox.NamedNode(match[1])] = self._stub(match[1])

    def _stub(self, name: str) -> Callable[..., None]:
        def called(*_: Any) -> None:
            self._called = self._called or name

        return called

    def check(self, discard: Callable[[], None] = lambda: None) -> None:
        """Look, once the answer is whole, whether it needed a function that nobody knows.

        Raises:
            RuntimeError: It did, in the words of the engine; the answer was discarded.
        """
        if self._called:
            discard()
            raise RuntimeError(f"The custom function <{self._called}> is not supported")
