"""Every event that tracing hears is a step of a path, or excused."""

from __future__ import annotations

import pytest

from services.tracing.main import SERVICE
from shared.events import TOLD_BY


@pytest.mark.parametrize("teller", TOLD_BY)
def test_every_event_heard_is_kept_or_excused_with_a_sentence(teller: str) -> None:
    hearing = SERVICE.hears[teller]

    assert set(hearing.reactions) | set(hearing.excused) == set(TOLD_BY[teller])
    assert not set(hearing.reactions) & set(hearing.excused)
    assert all(sentence.endswith(".") for sentence in hearing.excused.values())


def test_everything_that_happens_on_a_path_is_a_step_of_it() -> None:
    for teller in ("referrals", "notifications"):
        assert all("path_id" in event.model_fields for event in SERVICE.hears[teller].reactions)
