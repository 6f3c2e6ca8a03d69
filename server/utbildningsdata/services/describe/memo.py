"""What was worked out for a revision, remembered while there is room; a revision never changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from utbildningsdata.store.ports import Revision

T = TypeVar("T")


class Memo(Generic[T]):
    """Remembers at most ``size`` values; the one that was made first goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, revision: Revision, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value for ``key`` in a revision, made where it is not remembered."""
        whole = (revision.base.iri, revision.number, revision.published, key)
        with self._lock:
            if whole in self._values:
                return self._values[whole]
        value = make()
        with self._lock:
            self._values[whole] = value
            while len(self._values) > self._size:
                self._values.popitem(last=False)
        return value
