"""Both clients have the same surface."""

from __future__ import annotations

import inspect
from typing import Any, Optional

import pytest

import headrace
from headrace import AsyncHeadrace, Headrace

SYNC, ASYNC = Headrace(api_key="k"), AsyncHeadrace(api_key="k")
PARTS = sorted(name for name, part in vars(SYNC).items() if not name.startswith("_"))


def surface_of(thing: Any) -> dict[str, list[Any]]:
    methods = {name: member for name, member in inspect.getmembers(thing, callable) if not name.startswith("_")}
    return {
        name: [
            (each.name, each.kind, each.default, each.annotation)
            for each in inspect.signature(method).parameters.values()
        ]
        for name, method in methods.items()
    }


@pytest.mark.parametrize("part", [None, *PARTS])
def test_has_the_same_methods_with_the_same_parameters(part: Optional[str]) -> None:
    one, other = (client if part is None else getattr(client, part) for client in (SYNC, ASYNC))
    assert surface_of(one) == surface_of(other)
    assert surface_of(one)


def test_has_the_same_parts_which_all_are_exported() -> None:
    assert PARTS == sorted(name for name in vars(ASYNC) if not name.startswith("_"))
    assert len(PARTS) == 13
    for client in (SYNC, ASYNC):
        assert all(type(getattr(client, part)).__name__ in headrace.__all__ for part in PARTS)


def test_says_what_every_method_does_or_is_called_like_it() -> None:
    plain = {"list", "get", "create", "update", "delete", "pause", "resume", "version", "rate_limits"}
    for part in PARTS:
        for name, method in inspect.getmembers(getattr(SYNC, part), callable):
            assert name.startswith("_") or name in plain or inspect.getdoc(method), f"{part}.{name}"


def test_exports_what_it_says() -> None:
    assert all(hasattr(headrace, name) for name in headrace.__all__)
    assert len(set(headrace.__all__)) == len(headrace.__all__)
