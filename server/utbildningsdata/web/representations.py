"""Answers that negotiate: tags, conditions, and the headers that name other representations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Response, current_app, request

from utbildningsdata.rdf.mediatypes import GRAPHS, HTML, Syntax
from utbildningsdata.rdf.negotiation import choose
from utbildningsdata.store.ports import Revision
from utbildningsdata.web import links
from utbildningsdata.web.language import language, other_language

RECORD_SYNTAXES: tuple[Syntax, ...] = (HTML, *GRAPHS)
"""What there is of a record, in the order of the server's preference."""

Make = Callable[[], str | bytes]


def negotiated(suffix: Syntax | None, offered: Sequence[Syntax] = RECORD_SYNTAXES) -> Syntax:
    """Return the syntax that the address names, else the one that the client likes best.

    Raises:
        NotAcceptable: The client refuses everything that is offered.
    """
    return suffix or choose(request.headers.get("Accept"), offered)


def page(revision: Revision, make: Make, status: int = 200) -> Response:
    """Answer with a page; its tag holds whatever it may show: revision, language, software."""
    made = f"{revision.published.timestamp():.6f}"
    tag = f"{revision.number}-{made}-{_software()}-{language()}"
    response = conditional(tag, make, HTML, status)
    response.headers["Content-Language"] = language()
    return response


def graph_document(document: str, syntax: Syntax, make: Make, status: int = 200) -> Response:
    """Answer with RDF; its tag is of the record document (a digest), software and syntax."""
    tag = f"{document[:32]}-{_software()}-{syntax.suffix}"
    return conditional(tag, make, syntax, status)


def conditional(tag: str, make: Make, syntax: Syntax, status: int = 200) -> Response:
    """Answer 304 without making the content where the client has it, else make it."""
    if status == 200 and request.if_none_match.contains_weak(tag):
        response = Response(status=304)
        del response.headers["Content-Type"]
    else:
        response = Response(make(), status, content_type=syntax.content_type)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response


def see_other(address: str) -> Response:
    """Answer that what is asked for is described at ``address``."""
    response = Response(status=303)
    response.headers["Location"] = address
    return response


def announce(
    response: Response, path: str, syntax: Syntax, *, negotiable: bool, graphs: bool = True
) -> Response:
    """Name the document that was sent, and the others there are of the same page.

    ``path`` is the page's, without a suffix; ``negotiable`` tells whether Accept chose.
    """
    if negotiable:
        response.vary.add("Accept")
        name = links.href if syntax is HTML else links.document
        response.headers["Content-Location"] = name(f"{path}.{syntax.suffix}")
    for link in _alternates(path, syntax, graphs):
        response.headers.add("Link", link)
    return response


def _software() -> str:
    return str(current_app.config["SOFTWARE"])


def _alternates(path: str, sent: Syntax, graphs: bool) -> list[str]:
    found = [f'<{links.href(path)}>; rel="canonical"'] if sent is HTML else []
    for syntax in GRAPHS if graphs else ():
        if syntax is not sent:
            target = links.document(f"{path}.{syntax.suffix}")
            found.append(f'<{target}>; rel="alternate"; type="{syntax.media_type}"')
    if sent is HTML:
        other = links.href(path, other_language())
        found.append(f'<{other}>; rel="alternate"; hreflang="{other_language()}"')
        if graphs:
            found.append(
                f'<{links.document(f"{path}.ttl")}>; rel="describedby"; type="text/turtle"'
            )
    else:
        found.append(f'<{links.href(path)}>; rel="alternate"; type="text/html"')
    return found
