"""Updates: SPARQL 1.1 Protocol, section 2.2, for those who have a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed

from utbildningsdata.bootstrap import Services
from utbildningsdata.errors import Malformed, Unsupported
from utbildningsdata.rdf.iris import is_iri
from utbildningsdata.services import updates
from utbildningsdata.store.writes.ports import Part, Write
from utbildningsdata.web import bodies, writes
from utbildningsdata.web.authorisation import authorise
from utbildningsdata.web.clients import client_of

DIRECT = "application/sparql-update"

_PATH = "/sparql/update"
_METHODS = ["POST", "OPTIONS"]
_ACCEPTED = (DIRECT, bodies.FORM)
_MAX_GRAPHS = 100
_ENCODED = 3  # bytes that a form may take for one byte of the update


def blueprint(services: Services) -> Blueprint:
    """Return the route of updates."""
    routes = Blueprint("sparql_update", __name__)
    endpoint = _Endpoint(services)
    routes.add_url_rule(_PATH, "options", _options, methods=["OPTIONS"])
    routes.add_url_rule(_PATH, "update", endpoint.update, methods=["POST"])
    routes.add_url_rule(_PATH, "other", _refuse, methods=["GET", "PUT", "DELETE", "PATCH"])
    writes.identify(routes)
    return routes


def _options() -> Response:
    """Say what may be sent here."""
    return writes.options(", ".join(_METHODS), ", ".join(_ACCEPTED))


def _refuse() -> Response:
    """Refuse other methods here, so that they do not go to the pages.

    Raises:
        MethodNotAllowed: Always.
    """
    raise MethodNotAllowed(_METHODS)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request: the update, and the dataset of its WHERE."""

    text: str
    graphs: Sequence[str]
    named_graphs: Sequence[str]


class _Endpoint:
    """The views, which share the services."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def update(self) -> Response:
        """Carry out an update, whole or not at all.

        Raises:
            CatalogError: See :meth:`utbildningsdata.store.writes.ports.WriteEngine.write`.
        """
        token = authorise(self._services.credentials)
        asked = _read()
        chosen = bool(asked.graphs or asked.named_graphs)
        updates.read(asked.text, plain=self._services.settings.plain, dataset=chosen)
        write = Write(
            operation="update",
            agent=token.name,
            scopes=token.scopes,
            request=writes.request_id(),
            parts=(Part(DIRECT, asked.text.encode()),),
            using_graphs=tuple(asked.graphs),
            using_named_graphs=tuple(asked.named_graphs),
            if_match=writes.if_match(),
        )
        written = self._services.writes.write(write, client=client_of(request))
        response = writes.answer(written)
        response.set_etag(f"revision-{written.revision}")
        return response


def _read() -> _Asked:
    """Read the update, posted as a form or as itself.

    Raises:
        Unsupported: It is of another media type, or of another charset than UTF-8.
        Malformed: A parameter is missing, stands there twice, or is not UTF-8.
        TooLarge: It is too large.
    """
    charset = request.mimetype_params.get("charset")
    if request.mimetype not in _ACCEPTED or not bodies.is_utf_8(charset):
        raise Unsupported(
            f"Send the update in UTF-8 as {DIRECT} or {bodies.FORM}.",
            _ACCEPTED,
            sv=f"Skicka ändringen i UTF-8 som {DIRECT} eller {bodies.FORM}.",
        )
    pairs = bodies.parameters(request.query_string)
    if any(name in ("query", "update") for name, _ in pairs):
        raise Malformed(
            "Send the update in the body, not in the address.",
            sv="Skicka ändringen i innehållet, inte i adressen.",
        )
    if request.mimetype == bodies.FORM:
        pairs += bodies.parameters(bodies.receive(request, _ENCODED * updates.MAX_LENGTH))
    else:
        pairs.append(("update", bodies.text(bodies.receive(request, updates.MAX_LENGTH))))
    return _asked(pairs)


def _asked(pairs: Sequence[tuple[str, str]]) -> _Asked:
    def values(name: str) -> list[str]:
        return [value for key, value in pairs if key == name]

    texts = values("update")
    if len(texts) != 1 or values("query"):
        raise Malformed(
            "Give the parameter 'update' exactly once, and no 'query': those go to /sparql.",
            sv="Ange parametern 'update' exakt en gång, och ingen 'query': de går till /sparql.",
        )
    graphs, named = values("using-graph-uri"), values("using-named-graph-uri")
    if len(graphs) + len(named) > _MAX_GRAPHS:
        raise Malformed(
            f"At most {_MAX_GRAPHS} graphs can be named.",
            sv=f"Högst {_MAX_GRAPHS} grafer kan namnges.",
        )
    for iri in (*graphs, *named):
        if not is_iri(iri):
            raise Malformed(f"'{iri}' is not an absolute IRI.", sv=f"'{iri}' är ingen absolut IRI.")
    return _Asked(texts[0], graphs, named)
