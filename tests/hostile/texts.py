"""Large texts written small: what the files in ``cases`` may say instead of a megabyte.

A text is a string, a list of texts that follow one another, or one of

* ``{"repeat": text, "times": n}``, with ``"between": text`` where something stands between two,
* ``{"gzip": text}``, the text compressed,
* ``{"bytes": "ff fe"}``, bytes that no string has.

``@name@`` stands for a value: the server's ``@base@`` and ``@host@``, the address ``@sink@`` where
nobody may knock, and within ``repeat`` the count from 0 (``@i@``) and from 1 (``@j@``).
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"@([a-z]+)@")


def render(text: Any, values: Mapping[str, str]) -> bytes:
    """Return the bytes that a text stands for.

    Raises:
        KeyError: It names a value that there is not, or is of no form that is known.

    >>> render(["(", {"repeat": "?x@i@", "times": 3, "between": ", "}, ")"], {})
    b'(?x0, ?x1, ?x2)'
    """
    match text:
        case str():
            return _PLACE.sub(lambda found: values[found[1]], text).encode()
        case list():
            return b"".join(render(part, values) for part in text)
        case {"repeat": part, "times": int(times), **more}:
            return _repeated(part, times, render(more.get("between", ""), values), values)
        case {"gzip": part}:
            return gzip.compress(render(part, values), mtime=0)
        case {"bytes": str(digits)}:
            return bytes.fromhex(digits)
    raise KeyError(f"no text: {text!r:.80}")


def _repeated(part: Any, times: int, between: bytes, values: Mapping[str, str]) -> bytes:
    if isinstance(part, str) and not _PLACE.search(part):
        once = part.encode()
        return between.join([once] * times) if between else once * times
    counts = ({"i": str(count), "j": str(count + 1)} for count in range(times))
    return between.join(render(part, {**values, **count}) for count in counts)
