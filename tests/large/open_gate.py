"""A pytest plugin that takes the gate away from one module: what it asks is answered as if everybody might read all.

``OPEN_GATE=gongzhi.domains.incidents.queries.near pytest -p tests.large.open_gate tests/stories``: the leak tests
have to fail then, or the module's surface is not in the leak table.
"""

import os
from importlib import import_module
from typing import Any

import pytest
from django.db.models import Q

MODULE = os.environ.get("OPEN_GATE", "")


class Open:
    """Stands where ``gate`` stood: who may read is answered yes, the rest by the gate."""

    def __init__(self, gate: Any) -> None:
        self.gate = gate

    def __getattr__(self, name: str) -> Any:
        return getattr(self.gate, name)

    def visible(self, **_: Any) -> Any:
        return self.gate.Matter.objects.all()

    def waiting(self, **_: Any) -> Any:
        return self.gate.Wait.objects.filter(ended_at=None)

    def one(self, matter_id: int, **_: Any) -> Any:
        matter = self.gate.Matter.objects.filter(pk=matter_id).select_related("area").first()
        return (self.gate.load(matter), "full") if matter else None

    def level_of(self, *_: Any) -> str:
        return "full"

    def reading(self, *_: Any, **__: Any) -> str:
        return "full"

    def arms(self, *_: Any, **__: Any) -> list[Q]:
        return [Q(pk__gt=0)]

    def my_desk(self, *_: Any) -> Q:
        return Q(pk__gt=0)

    def closed_to(self, *_: Any) -> Q:
        return Q(pk__in=[])

    def public(self) -> Q:
        return Q(pk__gt=0)

    def posted(self, kind: str, *_: Any) -> Q:
        return Q(kind=kind)

    def is_posted(self, *_: Any) -> bool:
        return True

    def is_public(self, *_: Any) -> bool:
        return True


@pytest.fixture(autouse=True, scope="session")
def taken_away(django_db_setup: None) -> None:
    """Take the gate away before the first test."""
    module: Any = import_module(MODULE)
    module.gate = Open(module.gate)
