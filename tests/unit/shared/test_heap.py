"""What a process is made of is never looked at again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from importlib import import_module

import pytest

from shared.heap import kept


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_there_from_the_start_is_left_out_of_every_later_round() -> None:
    app = {"routes": [object()]}

    assert kept(app) is app

    assert gc.get_freeze_count() > 1_000
    assert not any(one is app for one in gc.get_objects())


@pytest.mark.parametrize("service", ["organisations", "referrals", "notifications", "tracing", "web"])
def test_every_process_keeps_what_it_is_made_of(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    main = import_module(f"services.{service}.main")
    made: list[object] = []
    for name in ("create_api", "create_worker", "create_web", "Settings", "WebSettings"):
        monkeypatch.setattr(main, name, lambda *_: "made", raising=False)
    for name in ("OrganisationsSettings", "ReferralsSettings"):
        monkeypatch.setattr(main, name, object, raising=False)
    monkeypatch.setattr(main, "kept", made.append)

    for process in ("web",) if service == "web" else ("api", "worker"):
        getattr(main, process)

    assert made == ["made"] * (1 if service == "web" else 2)
