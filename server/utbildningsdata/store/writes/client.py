"""Writing as web processes see it: requests to the broker over its socket."""

from __future__ import annotations

from utbildningsdata.errors import CatalogError, OperationError, Overloaded, RateLimited, TimedOut
from utbildningsdata.settings import Settings
from utbildningsdata.store.processes import calling, frames
from utbildningsdata.store.processes.outcomes import Outcome
from utbildningsdata.store.writes import wire
from utbildningsdata.store.writes.ports import Write, Written

DEADLINES = 6
"""The deadlines of a query that one write may take: evaluation, check and publication."""

_SLACK = 5.0
_RETRY_AFTER = 5


class WriteClient:
    """Fulfils ``store.writes.ports.WriteEngine``; safe to share between threads."""

    def __init__(self, settings: Settings, finding: wire.MakeFinding) -> None:
        self._settings = settings
        self._finding = finding

    def write(self, write: Write, *, client: str = "") -> Written:
        """Have a write carried out, once; see ``store.writes.ports.WriteEngine``.

        Raises:
            Overloaded: Nobody is there to write, or the broker or the writer ended meanwhile.
        """
        # One deadline to wait for its turn, the others to be carried out.
        longest = (1 + DEADLINES) * self._settings.deadline + _SLACK
        question = frames.pack(*wire.request(write, client))
        try:
            with calling.called(self._settings.data, longest) as connection:
                received = calling.exchange(connection, question)
        except ConnectionError as error:
            raise _unavailable() from error
        except TimeoutError as error:
            raise _unknown() from error
        if received is None:
            raise _unknown()
        reply, _ = received
        if "error" in reply:
            raise self._refused(reply)
        return wire.result(reply, self._finding)

    def _refused(self, reply: frames.Header) -> CatalogError:
        """Return the error for what the broker itself says."""
        match Outcome(reply["error"]):
            case Outcome.TIMED_OUT:
                seconds = DEADLINES * self._settings.deadline
                return TimedOut(
                    f"The write took longer than {seconds:g} seconds and was ended: write less "
                    "at a time.",
                    seconds,
                    sv=f"Skrivningen tog längre tid än {seconds:g} sekunder och avbröts: skriv "
                    "mindre åt gången.",
                )
            case Outcome.LOST | Outcome.OUT_OF_MEMORY:
                return _unknown()
            case Outcome.RATE_LIMITED:
                return RateLimited(
                    "You have used your share for now: try again in a while.",
                    int(reply.get("retry_after", _RETRY_AFTER)),
                    sv="Du har använt din andel för tillfället: försök igen om en stund.",
                )
            case Outcome.UNREADABLE:
                return OperationError(f"The data folder cannot be written: {reply['message']}")
            case _:
                return _unavailable()


def _unavailable() -> Overloaded:
    return Overloaded(
        "Nothing can be written just now, for too many are waiting or a process is starting: "
        "nothing was changed, try again in a moment.",
        _RETRY_AFTER,
        sv="Inget kan skrivas just nu, för många väntar eller en process startar: inget ändrades, "
        "försök igen om en stund.",
    )


def _unknown() -> Overloaded:
    return Overloaded(
        "The process that writes ended before it answered: look whether your change is there "
        "before you try again.",
        _RETRY_AFTER,
        sv="Processen som skriver tog slut innan den svarade: se efter om din ändring finns innan "
        "du försöker igen.",
    )
