"""What is disclosed: canonical, exact, sealed; and the small things around it."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.card import age_band
from services.referrals.domain.codes import code_from
from services.referrals.domain.disclosure import Item, joined, packaged, parts
from services.referrals.domain.profiles import PROFILES, demand_profile
from shared.crypto import seal, unseal
from shared.errors import Invalid
from shared.events.base import ItemClass, ItemField
from shared.events.organisations import OrganisationKind
from shared.ids import new_id

KEY = bytes(range(32))

items = st.lists(
    st.builds(
        Item,
        field=st.sampled_from(ItemField),
        item_class=st.sampled_from(ItemClass),
        value=st.text(),
        why=st.text(),
    ),
    unique_by=lambda item: item.field,
)


@given(items, st.randoms())
def test_the_preview_and_the_copy_are_the_same_bytes(given_items: list[Item], shuffle: st.DataObject) -> None:
    preview = packaged(given_items)
    shuffle.shuffle(given_items)  # type: ignore[attr-defined]

    copy = joined(piece for _, piece in parts(packaged(given_items)))

    assert copy == preview
    assert copy.sha256 == hashlib.sha256(preview.content).hexdigest()


@given(items, st.frozensets(st.sampled_from(ItemField)))
def test_a_narrowed_copy_is_what_the_preview_of_the_rest_would_be(
    given_items: list[Item], released: frozenset[ItemField]
) -> None:
    copy = joined(piece for field, piece in parts(packaged(given_items)) if field in released)

    assert copy == packaged(item for item in given_items if item.field in released)


def test_a_copy_without_items_is_one_piece_all_the_same() -> None:
    assert parts(packaged([])) == [(None, b"[]")]


@given(st.binary(), st.text(), st.text())
def test_what_is_sealed_opens_at_its_own_place_alone(plain: bytes, place: str, other: str) -> None:
    sealed = seal(KEY, plain, bound_to=place)

    assert unseal(KEY, sealed, bound_to=place) == plain
    if other != place:
        with pytest.raises(InvalidTag):
            unseal(KEY, sealed, bound_to=other)


def test_health_never_goes_to_a_housing_company_or_an_employer() -> None:
    for kind in (OrganisationKind.HOUSING_COMPANY, OrganisationKind.EMPLOYER, OrganisationKind.ASSOCIATION):
        with pytest.raises(Invalid) as refused:
            demand_profile([ItemField.GIVEN_NAME, ItemField.HEALTH], kind)
        assert refused.value.members["errors"][0]["field"] == "items.1.field"  # type: ignore[index,call-overload]


def test_every_kind_of_receiver_has_a_profile_and_a_university_gets_nobody() -> None:
    assert set(PROFILES) == set(OrganisationKind)
    assert PROFILES[OrganisationKind.UNIVERSITY] == frozenset()


@pytest.mark.parametrize(
    ("born", "band"),
    [(2026, "0-11"), (2015, "0-11"), (2014, "12-14"), (2011, "15-17"), (2008, "18-24"), (1991, "25-39"),
     (1986, "40-64"), (1961, "65+"), (1900, "65+"), (2030, "0-11")],
)  # fmt: skip
def test_age_is_told_in_bands(born: int, band: str) -> None:
    assert age_band(born, date(2026, 11, 20)) == band


def test_a_code_can_be_said_aloud_and_does_not_tell_its_date() -> None:
    codes = {code_from(new_id()) for _ in range(500)}

    assert len(codes) > 490
    assert all(len(code) == 9 and code.startswith("Ö-") and code[6] == "-" for code in codes)
    assert not set("".join(codes)) & set("AEIOUYL01")


def test_the_bytes_are_canonical() -> None:
    item = Item(field=ItemField.GIVEN_NAME, item_class=ItemClass.NORMAL, value="Åsa", why="")

    said = '[{"field":"given_name","item_class":"normal","value":"Åsa","why":""}]'
    assert packaged([item]).content == said.encode()


def test_a_code_is_of_the_random_part_alone() -> None:
    assert code_from(UUID(int=0)) == code_from(UUID(int=2**62)) == "Ö-2222-22"
    assert code_from(UUID(int=1)) == "Ö-3222-22"
    assert code_from(UUID(int=26 + 27 * 2)) == "Ö-Z422-22"
    assert code_from(UUID(int=2**62 - 1)) != code_from(UUID(int=2**62 - 2))
