"""Both clients have the same surface."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import headrace
from headrace import AsyncHeadrace, Headrace

SYNC, ASYNC = Headrace(api_key="k"), AsyncHeadrace(api_key="k")
ROOMS = ["requests", "callbacks", "deliveries", "dead_letters"]


def surface_of(thing: Any) -> dict[str, list[Any]]:
    methods = {name: member for name, member in inspect.getmembers(thing, callable) if not name.startswith("_")}
    return {
        name: [
            (each.name, each.kind, each.default, each.annotation)
            for each in inspect.signature(method).parameters.values()
        ]
        for name, method in methods.items()
    }


@pytest.mark.parametrize("room", [None, *ROOMS])
def test_has_the_same_methods_with_the_same_parameters(room: str | None) -> None:
    one, other = (client if room is None else getattr(client, room) for client in (SYNC, ASYNC))
    assert surface_of(one) == surface_of(other)
    assert surface_of(one)


def test_exports_what_it_says() -> None:
    assert all(hasattr(headrace, name) for name in headrace.__all__)
    assert len(set(headrace.__all__)) == len(headrace.__all__)
