"""Every error of the catalogue, in one tree.

::

    CatalogError
    ├── ContentError            what somebody wrote or asked for is at fault
    │   ├── Malformed           text that cannot be parsed (file, query, parameter)
    │   ├── Invalid             well-formed, but violates the shapes
    │   ├── Conflict            changed in two places
    │   ├── PreconditionFailed  If-Match or If-None-Match names another version
    │   ├── Refused             a feature that is not offered (SERVICE, LOAD, update here)
    │   ├── Unsupported         sent in a media type or coding that is not taken
    │   └── TooLarge            a request or an answer over its limit
    ├── AccessError             who asks may not do this
    │   ├── Unauthenticated     no token, or one that is not valid
    │   └── Forbidden           a valid token without the scope
    ├── NotFound                no such thing here
    ├── NotAcceptable           no representation that the client takes
    ├── Overloaded              no room now; try again after a while
    │   ├── TimedOut            the work took longer than its deadline
    │   └── RateLimited         this client has used its share
    └── OperationError          what the operator must mend (data folder, port, lock, disk, base)

``message`` says what is wrong, where, and what to do, in one line. ``web.problems`` maps the
tree to HTTP statuses and ``cli`` to exit codes, each in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class CatalogError(Exception):
    """The root: a message for people, in English, and in Swedish where pages show it."""

    def __init__(self, message: str, *, sv: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.sv = sv or message


class ContentError(CatalogError):
    """What somebody wrote or asked for is at fault."""


class Malformed(ContentError):
    """Text that cannot be parsed; ``line`` and ``column`` count from 1 where they are known.

    ``expected`` are the words and signs one of which would have been right there.
    """

    def __init__(
        self,
        message: str,
        *,
        sv: str | None = None,
        line: int | None = None,
        column: int | None = None,
        expected: Sequence[str] = (),
    ) -> None:
        super().__init__(message, sv=sv)
        self.line = line
        self.column = column
        self.expected = tuple(expected)


class Invalid(ContentError):
    """Well-formed content that violates the shapes; ``findings`` say what, where and why."""

    def __init__(
        self, message: str, findings: Sequence[Any] = (), *, sv: str | None = None
    ) -> None:
        super().__init__(message, sv=sv)
        self.findings = tuple(findings)


class Conflict(ContentError):
    """The same record was changed in two places; neither change is overwritten."""


class PreconditionFailed(ContentError):
    """The condition of the request (RFC 9110, section 13) does not hold; nothing was changed."""


class Refused(ContentError):
    """A feature that is not offered here, such as SERVICE in a query; ``feature`` is its name."""

    def __init__(self, message: str, feature: str = "", *, sv: str | None = None) -> None:
        super().__init__(message, sv=sv)
        self.feature = feature


class Unsupported(ContentError):
    """Sent in a media type or coding that is not taken; ``accepted`` are those that are."""

    def __init__(
        self, message: str, accepted: Sequence[str] = (), *, sv: str | None = None
    ) -> None:
        super().__init__(message, sv=sv)
        self.accepted = tuple(accepted)


class TooLarge(ContentError):
    """A request or an answer over its limit, which is ``limit`` bytes where it is one of bytes."""

    def __init__(self, message: str, limit: int | None = None, *, sv: str | None = None) -> None:
        super().__init__(message, sv=sv)
        self.limit = limit


class AccessError(CatalogError):
    """Who asks may not do this."""


class Unauthenticated(AccessError):
    """There is no token, or it is not valid (any longer)."""


class Forbidden(AccessError):
    """The token is valid, but not for this."""


class NotFound(CatalogError):
    """There is no such thing here."""


class NotAcceptable(CatalogError):
    """No representation that the client accepts; ``available`` are the media types there are."""

    def __init__(
        self, message: str, available: Sequence[str] = (), *, sv: str | None = None
    ) -> None:
        super().__init__(message, sv=sv)
        self.available = tuple(available)


class Overloaded(CatalogError):
    """No room for the work now; ``retry_after`` is in whole seconds."""

    def __init__(self, message: str, retry_after: int = 5, *, sv: str | None = None) -> None:
        super().__init__(message, sv=sv)
        self.retry_after = retry_after


class TimedOut(Overloaded):
    """The work took longer than its deadline of ``seconds``."""

    def __init__(self, message: str, seconds: float, *, sv: str | None = None) -> None:
        super().__init__(message, sv=sv)
        self.seconds = seconds


class RateLimited(Overloaded):
    """This client has used its share, or has too much under way."""


class OperationError(CatalogError):
    """Something that the operator must mend: data folder, port, lock, disk or base."""
