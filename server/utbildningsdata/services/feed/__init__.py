"""Feeds: the catalogue as one document in four syntaxes, joined from blocks that are ready."""

from utbildningsdata.services.feed.blocks import blocks
from utbildningsdata.services.feed.dumps import Dump, Dumps

__all__ = ["Dump", "Dumps", "blocks"]
