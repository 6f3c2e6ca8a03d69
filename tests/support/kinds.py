"""The kinds of record that tests deal with, as the shapes say: not a second table."""

from __future__ import annotations

from utbildningsdata.model.profile import Profile
from utbildningsdata.resources import folder

_KINDS = Profile.load(folder("shapes")).kinds

MEMBERSHIPS = {name: kind.membership for name, kind in _KINDS.items() if kind.membership}
FED = {name for name, kind in _KINDS.items() if kind.in_feeds}
