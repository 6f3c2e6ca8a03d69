"""Utbildningsdata: a linked open data catalogue for Swedish education.

One file is one record, one named graph and one page; see ``docs/architecture.md``.
"""

__version__ = "0.1.0"
