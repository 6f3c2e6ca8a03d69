"""The web application: one factory, which gives each blueprint the same services."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import Babel
from jinja2 import StrictUndefined

from utbildningsdata.bootstrap import Services
from utbildningsdata.model.labels import Text, choose_text
from utbildningsdata.rdf.iris import Base
from utbildningsdata.resources import software
from utbildningsdata.services.describe.content import is_brief, table_columns
from utbildningsdata.web import (
    activities,
    concepts,
    feeds,
    filters,
    graph_store,
    health,
    links,
    pages,
    problem_pages,
    problems,
    query_results,
    sparql,
    sparql_update,
)
from utbildningsdata.web.language import language, other_language
from utbildningsdata.web.mount import Mount
from utbildningsdata.web.reading import kinds_in_use
from utbildningsdata.web.security import protect

_MAX_REQUEST = 2 * 1024 * 1024
_YEAR = 365 * 24 * 3600


def create_app(services: Services) -> Flask:
    """Return the WSGI application of the catalogue, mounted under the path of the base."""
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.config.update(
        BASE=services.settings.base,
        MAX_CONTENT_LENGTH=_MAX_REQUEST,
        SEND_FILE_MAX_AGE_DEFAULT=_YEAR,
        SOFTWARE=software(".py", ".html", ".css", ".mo")[:8],
    )
    app.extensions["utbildningsdata"] = services
    app.url_map.merge_slashes = False
    _templates(app, services)
    filters.register(app)
    Babel(app, default_locale="sv", locale_selector=language)
    problems.register(app)
    _blueprints(app, services)
    app.after_request(protect)
    app.wsgi_app = Mount(app.wsgi_app, Base(services.settings.base).root)  # type: ignore[method-assign]
    return app


def _blueprints(app: Flask, services: Services) -> None:
    """Register every blueprint; pages go last, for they take the paths that nobody else does."""
    app.register_blueprint(graph_store.blueprint(services))  # first: OPTIONS of records are its
    app.register_blueprint(activities.blueprint(services))
    app.register_blueprint(concepts.blueprint(services))
    app.register_blueprint(feeds.blueprint(services))
    app.register_blueprint(health.blueprint(services))
    app.register_blueprint(problem_pages.blueprint())
    app.register_blueprint(sparql.blueprint(services))
    app.register_blueprint(sparql_update.blueprint(services))
    app.register_blueprint(query_results.blueprint(services))
    app.register_blueprint(pages.blueprint(services))


def _templates(app: Flask, services: Services) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.tests["brief"] = is_brief
    app.jinja_env.globals.update(
        here=links.here,
        href=links.href,
        document=links.document,
        static=links.static,
        is_linkable=links.is_linkable,
        language=language,
        other_language=other_language,
        text_of=_text_of,
        table_columns=table_columns,
        is_brief=is_brief,
        kinds=services.profile.kinds,
        kinds_in_use=lambda: kinds_in_use(services.profile),
        settings=services.settings,
    )


def _text_of(texts: Mapping[str, str]) -> Text | None:
    """Return the text of a mapping language → text that a reader of the page's language gets."""
    return choose_text(texts, language())
