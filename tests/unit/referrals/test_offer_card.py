"""How coarse a card is, by how many are alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.offer_card import Cluster, Neighbour, coarsened
from shared.events.base import Area, NeedCode, Urgency
from tests.unit.referrals.makers import a_card

LIKE_HER: dict[str, Any] = {"area": Area.SODER, "age_band": "25-39", "language": "so"}
BANDS = ("0-11", "12-14", "15-17", "18-24", "25-39", "40-64", "65+")


def alike(count: int, *, first: int = 1, **changes: Any) -> list[Neighbour]:
    """So many different persons."""
    traits = {**LIKE_HER, **changes}
    return [Neighbour(person_id=UUID(int=nth), **traits) for nth in range(first, first + count)]


@pytest.mark.parametrize(
    ("others", "shown"),
    [
        ({}, (Area.SODER, "25-39", "so")),
        ({"age_band": "65+"}, (Area.SODER, "18+", "so")),
        ({"age_band": "65+", "language": "ar"}, (Area.SODER, "18+", None)),
        ({"area": Area.NARLUNDA, "language": "ar"}, (Cluster.SOUTH, "18+", None)),
        ({"area": Area.DALHEM}, (None, "18+", None)),
        ({"age_band": "15-17"}, (None, "18+", None)),
    ],
)
def test_a_card_is_as_fine_as_five_persons_share(others: dict[str, Any], shown: tuple[Any, ...]) -> None:
    card = coarsened(a_card(), [*alike(1), *alike(4, first=2, **others)])

    assert (card.area, card.age_band, card.language) == shown
    assert (card.need_code, card.urgency) == (NeedCode.LANGUAGE, Urgency.NORMAL)


def test_four_are_too_few_and_one_person_counts_once() -> None:
    card = coarsened(a_card(), [*alike(4), *alike(4)])

    assert (card.area, card.age_band, card.language) == (None, "18+", None)
    assert coarsened(a_card(age_band="12-14"), []).age_band == "0-17"


@given(
    st.lists(
        st.builds(
            Neighbour,
            person_id=st.integers(1, 12).map(lambda number: UUID(int=number)),
            area=st.sampled_from(Area),
            age_band=st.sampled_from(BANDS),
            language=st.sampled_from(["so", "ar", "sv"]),
        ),
        max_size=30,
    )
)
def test_a_card_that_shows_anything_fine_fits_five(neighbours: Sequence[Neighbour]) -> None:
    """Judged by what the card says alone, not by the steps that made it."""
    card = coarsened(a_card(), neighbours)

    fitting = {
        one.person_id
        for one in neighbours
        if card.area in {None, one.area, "north" if one.area in {"B021", "B022", "B023"} else "south"}
        and card.language in {None, one.language}
        and card.age_band in {one.age_band, "18+" if one.age_band[:2] in {"18", "25", "40", "65"} else "0-17"}
    }
    assert len(fitting) >= 5 or (card.area, card.age_band, card.language) == (None, "18+", None)
