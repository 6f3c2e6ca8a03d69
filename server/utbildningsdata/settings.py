"""Settings: from the environment and flags, read in one place and never changed afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from utbildningsdata.errors import OperationError
from utbildningsdata.resources import folder

PREFIX = "UTBILDNINGSDATA_"

_POSITIVE = ("processes", "workers", "deadline", "memory", "result", "share")
_CHOICES = {"shapes": ("all", "none"), "default_graph": ("union", "own")}
_IN_ADDRESSES = re.compile(r"[!#-;=?-\[\]_a-z~]*")  # no space, quote, < > \ ^ ` { | }


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings; each is in the environment as ``UTBILDNINGSDATA_`` + its name in capitals."""

    base: str = field(
        default="http://localhost:8000/",
        metadata={
            "help": "The IRI that every IRI of the catalogue begins with. Ends with '/'."
            " Recorded in the data."
        },
    )
    data: Path = field(
        default=Path("data"),
        metadata={"help": "The folder that holds the published revisions."},
    )
    catalog: Path = field(
        default_factory=lambda: folder("catalog"),
        metadata={"help": "The folder with the records as Turtle files."},
    )
    host: str = field(default="127.0.0.1", metadata={"help": "The address that serve listens on."})
    port: int = field(default=8000, metadata={"help": "The port that serve listens on."})
    processes: int = field(default=2, metadata={"help": "The number of web processes."})
    workers: int = field(default=2, metadata={"help": "The number of processes that run queries."})
    deadline: float = field(default=10.0, metadata={"help": "Seconds that a query may take."})
    memory: int = field(default=512, metadata={"help": "Mebibytes that a query may use."})
    result: int = field(
        default=64, metadata={"help": "Mebibytes that the answer to a query may have."}
    )
    share: float = field(
        default=60.0,
        metadata={"help": "Seconds of worker time that one client may use in a minute."},
    )
    proxies: str = field(
        default="",
        metadata={
            "help": "The addresses or networks of proxies, separated by commas, whose"
            " X-Forwarded-For tells who asks."
        },
    )
    shapes: str = field(
        default="all",
        metadata={
            "help": "What is checked: 'all', or 'none' for a plain store of any graphs, without"
            " records."
        },
    )
    default_graph: str = field(
        default="union",
        metadata={
            "help": "What a query without FROM sees: the 'union' of all graphs, or in a plain"
            " store the default graph of its 'own'."
        },
    )
    keep: int = field(
        default=10,
        metadata={"help": "The number of revisions that are kept besides tagged ones."},
    )
    publisher: str = field(
        default="",
        metadata={
            "help": "The IRI of the organisation that publishes this catalogue."
            " Empty: a demonstration."
        },
    )
    contact: str = field(
        default="",
        metadata={"help": "The e-mail address that feeds and pages give. Empty: a demonstration."},
    )

    def __post_init__(self) -> None:
        """Refuse values that would only fail later, with a line that says what to set."""
        parts = urlsplit(self.base)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise OperationError(
                f"{PREFIX}BASE is '{self.base}': set it to an absolute http or https IRI."
            )
        if not self.base.endswith("/") or parts.query or parts.fragment:
            raise OperationError(
                f"{PREFIX}BASE is '{self.base}': it must end with '/' and have no '?' or '#'."
            )
        if not _IN_ADDRESSES.fullmatch(self.base):
            raise OperationError(
                f"{PREFIX}BASE is '{self.base}': write it percent-encoded, in ASCII, as addresses"
                " are sent."
            )
        self._check_values()

    def _check_values(self) -> None:
        for name in _POSITIVE:
            if not getattr(self, name) > 0:
                raise OperationError(
                    f"{PREFIX}{name.upper()} is {getattr(self, name)}: it must be above 0."
                )
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise OperationError(
                    f"{PREFIX}{name.upper()} is '{getattr(self, name)}': it must be "
                    f"{' or '.join(repr(choice) for choice in choices)}."
                )
        if self.default_graph == "own" and not self.plain:
            raise OperationError(
                f"{PREFIX}DEFAULT_GRAPH is 'own', which only a plain store has: "
                f"set {PREFIX}SHAPES to 'none' too."
            )
        try:
            networks(self.proxies)
        except ValueError as error:
            raise OperationError(
                f"{PREFIX}PROXIES is '{self.proxies}': it must be addresses or networks, "
                "separated by commas."
            ) from error

    @property
    def plain(self) -> bool:
        """Whether this is a plain store: any graphs, no records, nothing checked."""
        return self.shapes == "none"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], **flags: Any) -> Self:
        """Read settings from ``environ``; a flag that is not None goes before the environment.

        Raises:
            OperationError: A value is not of the setting's type.
        """
        values: dict[str, Any] = {}
        for item in fields(cls):
            text = environ.get(PREFIX + item.name.upper(), "")
            if text:
                values[item.name] = _convert(item.name, str(item.type), text)
        values.update((name, value) for name, value in flags.items() if value is not None)
        return cls(**values)

    def to_environ(self) -> dict[str, str]:
        """Return the settings as environment variables, for a process that is started with them."""
        return {PREFIX + item.name.upper(): str(getattr(self, item.name)) for item in fields(self)}

    def changed(self, **values: Any) -> Self:
        """Return a copy with other values."""
        return replace(self, **values)


_CONVERTERS: Mapping[str, Any] = {"int": int, "float": float, "Path": Path, "str": str}


def _convert(name: str, kind: str, text: str) -> Any:
    try:
        return _CONVERTERS[kind](text)
    except ValueError as error:
        raise OperationError(f"{PREFIX}{name.upper()} is '{text}': it must be a number.") from error


@lru_cache(maxsize=8)
def networks(addresses: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read addresses and networks that are separated by commas.

    Raises:
        ValueError: One is neither an address nor a network.

    >>> networks("127.0.0.1, 2001:db8::/32")
    (IPv4Network('127.0.0.1/32'), IPv6Network('2001:db8::/32'))
    """
    return tuple(ip_network(part.strip()) for part in addresses.split(",") if part.strip())
