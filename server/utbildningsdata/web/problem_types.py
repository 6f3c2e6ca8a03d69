"""The types of problems: one stable list, which answers, pages and the documentation share.

A type's IRI is ``TYPES`` and its name (RFC 9457, section 3.1.1); ``/problem/<name>`` shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TYPES = "https://w3id.org/utbildningsdata/problem/"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A type of problem: its title, what it means and what to do about it, by language.

    ``members`` are what a problem of the type can hold besides type, title, status and detail.
    """

    name: str
    status: int
    title: Mapping[str, str]
    meaning: Mapping[str, str]
    members: Mapping[str, str]

    @property
    def iri(self) -> str:
        """The IRI that a problem of this type names."""
        return TYPES + self.name


def _type(
    name: str, status: int, titles: tuple[str, str], meanings: tuple[str, str], **members: str
) -> ProblemType:
    languages = ("en", "sv")
    return ProblemType(
        name,
        status,
        dict(zip(languages, titles, strict=True)),
        dict(zip(languages, meanings, strict=True)),
        members,
    )


_LIST = (
    _type(
        "malformed",
        400,
        ("The request cannot be read", "Frågan går inte att läsa"),
        (
            "The query, update, document or parameter is not what its syntax allows. The detail "
            "says where and why.",
            "Frågan, ändringen, dokumentet eller parametern följer inte sin syntax. Beskrivningen "
            "säger var och varför.",
        ),
        line="line of the fault, from 1",
        column="column of the fault, from 1, in characters",
        expected="list of the words and signs one of which would have been right there",
    ),
    _type(
        "refused",
        400,
        ("That is not offered here", "Det finns inte här"),
        (
            "The request uses a feature that is not offered: SERVICE or LOAD, or an update at the "
            "address of queries.",
            "Begäran använder något som inte finns här: SERVICE eller LOAD, eller en ändring på "
            "adressen för frågor.",
        ),
        feature="name of the feature",
    ),
    _type(
        "unauthenticated",
        401,
        ("A token is needed", "En nyckel behövs"),
        (
            "There is no token in Authorization, or it is not valid any longer.",
            "Det finns ingen nyckel i Authorization, eller så gäller den inte längre.",
        ),
    ),
    _type(
        "forbidden",
        403,
        ("That is not allowed", "Det är inte tillåtet"),
        (
            "The token is valid but does not cover what the request would change, or the request "
            "came from another site's page.",
            "Nyckeln gäller men inte för det som begäran skulle ändra, eller så kom begäran från "
            "en annan webbplats sida.",
        ),
    ),
    _type(
        "not-found",
        404,
        ("There is no such page", "Sidan finns inte"),
        (
            "There is nothing at this address.",
            "Det finns ingenting på den här adressen.",
        ),
    ),
    _type(
        "method-not-allowed",
        405,
        ("That method cannot be used here", "Metoden kan inte användas här"),
        (
            "The header Allow names the methods of this address.",
            "Huvudet Allow räknar upp adressens metoder.",
        ),
    ),
    _type(
        "not-acceptable",
        406,
        ("There is no such format", "Formatet finns inte"),
        (
            "None of the media types that Accept or the parameter format asks for is there for "
            "this answer.",
            "Ingen av medietyperna som Accept eller parametern format ber om finns för svaret.",
        ),
        available="list of the media types there are",
    ),
    _type(
        "conflict",
        409,
        ("Changed in two places", "Ändrat på två ställen"),
        (
            "Somebody else changed the same at the same time: read it again and repeat.",
            "Någon annan ändrade samma sak samtidigt: läs om och gör om.",
        ),
    ),
    _type(
        "length-required",
        411,
        ("The length must be known", "Längden måste vara känd"),
        (
            "Send Content-Length with what is to be written: without it, what is cut off on its "
            "way looks whole.",
            "Skicka Content-Length med det som ska skrivas: utan den ser det som klippts av på "
            "vägen helt ut.",
        ),
    ),
    _type(
        "precondition-failed",
        412,
        ("It has changed meanwhile", "Det har ändrats under tiden"),
        (
            "The condition in If-Match or If-None-Match does not hold, and nothing was changed.",
            "Villkoret i If-Match eller If-None-Match är inte uppfyllt, och inget ändrades.",
        ),
    ),
    _type(
        "too-large",
        413,
        ("Too large", "För stort"),
        (
            "The request, the answer, or the memory that the answer needs is over its limit.",
            "Begäran, svaret, eller minnet som svaret behöver är över sin gräns.",
        ),
        limit="the limit in bytes",
    ),
    _type(
        "unsupported",
        415,
        ("That media type is not taken", "Medietypen tas inte emot"),
        (
            "What was sent is of a media type, charset or coding that is not taken at this "
            "address.",
            "Det som skickades är av en medietyp, teckenkodning eller komprimering som inte tas "
            "emot på den här adressen.",
        ),
        accepted="list of the media types that are taken",
    ),
    _type(
        "invalid",
        422,
        ("It breaks the rules", "Följer inte reglerna"),
        (
            "What was sent can be read but violates the shapes, or is no record: nothing was "
            "changed.",
            "Det som skickades går att läsa men bryter mot formerna, eller är ingen post: inget "
            "ändrades.",
        ),
        findings="list of what is wrong: severity, message, record, focus, path, value and rule",
    ),
    _type(
        "rate-limited",
        429,
        ("Too much at a time", "För mycket på en gång"),
        (
            "This client has used its share of the time that there is for queries, or has too many "
            "waiting. The header Retry-After says when to come back.",
            "Klienten har använt sin andel av tiden som finns för frågor, eller har för många som "
            "väntar. Huvudet Retry-After säger när det går igen.",
        ),
    ),
    _type(
        "internal",
        500,
        ("Something went wrong", "Något gick fel"),
        (
            "The fault is the server's and is noted in its log.",
            "Felet är serverns och är antecknat i dess logg.",
        ),
    ),
    _type(
        "timed-out",
        503,
        ("It took too long", "Det tog för lång tid"),
        (
            "The query or update took longer than it may. Make it more specific; a part of an "
            "answer is never sent.",
            "Frågan eller ändringen tog längre tid än den får. Gör den mer avgränsad; en del av "
            "ett svar skickas aldrig.",
        ),
        limit="the limit in seconds",
    ),
    _type(
        "overloaded",
        503,
        ("Busy just now", "Upptaget just nu"),
        (
            "Too many are asking. The header Retry-After says when to come back.",
            "För många frågar. Huvudet Retry-After säger när det går igen.",
        ),
    ),
    _type(
        "not-ready",
        503,
        ("The catalogue is not ready", "Katalogen är inte redo"),
        (
            "Nothing is published, or what is published cannot be read: its operator has to act.",
            "Inget är publicerat, eller så går det publicerade inte att läsa: den som driver "
            "katalogen måste göra något.",
        ),
    ),
    _type(
        "http",
        400,
        ("That did not work", "Det gick inte"),
        (
            "The request breaks a rule of HTTP; the status says which.",
            "Begäran bryter mot en regel i HTTP; statuskoden säger vilken.",
        ),
    ),
)

PROBLEM_TYPES: Mapping[str, ProblemType] = {kind.name: kind for kind in _LIST}
"""Name → type, in the order of their statuses. A name never changes its meaning."""

OF_STATUS: Mapping[int, ProblemType] = {
    kind.status: kind
    for kind in reversed(_LIST)
    if kind.name not in {"refused", "http", "timed-out", "not-ready"}
}
"""Status → the type for an error of HTTP that no error of the catalogue stands behind."""
