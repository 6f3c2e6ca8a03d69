"""Requests that are meant to harm, and what the server must answer to each.

The requests are data: ``cases/*.json``. ``python -m hostile`` sends them to a server of its own.
"""
