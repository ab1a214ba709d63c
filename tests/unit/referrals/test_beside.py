"""The two consents beside the release, at the gate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.referrals.domain.beside import WITHOUT_A_BASIS, Beside, asked_about, pass_beside, processed
from services.referrals.domain.consent import Answer, Consent, Ending
from services.referrals.domain.disclosure import Item
from services.referrals.domain.refusals import (
    ConsentExpired,
    ConsentHasEnded,
    ConsentMissing,
    GateClosed,
    ItemsNotReleased,
    PersonSaidNo,
)
from shared.errors import Invalid
from shared.events.base import ItemClass, ItemField
from shared.events.consents import ConsentKind
from shared.events.organisations import OrganisationKind
from tests.unit.referrals.makers import NOON, STRANGER, a_consent, a_receiver, an_offering

NAME, NEED = ItemField.GIVEN_NAME, ItemField.NEED
ENDED = {"ended_at": NOON, "version": 2}


def an_item(field: ItemField, item_class: ItemClass = ItemClass.NORMAL) -> Item:
    return Item(field=field, item_class=item_class, value="något", why="")


ITEMS = [an_item(NAME), an_item(NEED, ItemClass.SENSITIVE)]


def a_processing(**changes: Any) -> Consent:
    usual = {"kind": ConsentKind.PROCESSING_CONSENT, "fields": frozenset({NEED})}
    return a_consent(**{**usual, **changes})


def a_participation(**changes: Any) -> Consent:
    return a_consent(**{"kind": ConsentKind.PARTICIPATION, "fields": frozenset(), **changes})


def test_who_has_no_basis_of_its_own() -> None:
    assert {"association", "housing_company", "employer"} == WITHOUT_A_BASIS


@pytest.mark.parametrize("kind", OrganisationKind)
def test_sensitive_items_need_a_consent_where_the_receiver_has_no_basis(kind: OrganisationKind) -> None:
    fields = processed(ITEMS, a_receiver(kind=kind))

    assert fields == ({NEED} if kind in WITHOUT_A_BASIS else set())


@pytest.mark.parametrize(
    ("item", "offering", "is_sensitive"),
    [
        (an_item(NEED), an_offering(), False),
        (an_item(NEED, ItemClass.CONTACT), an_offering(), False),
        (an_item(NEED, ItemClass.SENSITIVE), an_offering(), True),
        (an_item(NEED), an_offering(sensitive_fields=frozenset({NEED})), True),
        (an_item(NEED), an_offering(sensitive=True), True),
        (an_item(ItemField.HEALTH), an_offering(), True),
    ],
)
def test_an_item_is_as_sensitive_as_anybody_says(item: Item, offering: Any, is_sensitive: bool) -> None:  # noqa: FBT001
    assert bool(processed([item], a_receiver(offering=offering))) is is_sensitive


@pytest.mark.parametrize(
    ("processing", "refusal"),
    [
        (None, ConsentMissing),
        (a_processing(answer=Answer.NO), PersonSaidNo),
        (a_processing(**ENDED, ended_how=Ending.WITHDRAWN), ConsentHasEnded),
        (a_processing(**ENDED, ended_how=Ending.EXPIRED), ConsentExpired),
        (a_processing(**ENDED, ended_how=Ending.REPLACED), ConsentMissing),
        (a_processing(valid_until=NOON), ConsentExpired),
        (a_processing(valid_from=NOON + timedelta(seconds=1)), ConsentExpired),
        (a_processing(to_team_id=STRANGER), ConsentMissing),
        (a_processing(fields=frozenset({NAME})), ItemsNotReleased),
    ],
)
def test_nothing_sensitive_leaves_without_a_consent_to_its_processing(
    processing: Consent | None, refusal: type[GateClosed]
) -> None:
    with pytest.raises(refusal) as refused:
        pass_beside(Beside(processing=processing, participation=None), ITEMS, receiver=a_receiver(), at=NOON)

    assert refused.value.members["kind"] == "processing_consent"


@pytest.mark.parametrize("kind", sorted(set(OrganisationKind) - WITHOUT_A_BASIS))
def test_who_has_a_basis_needs_none_and_may_not_ask(kind: OrganisationKind) -> None:
    receiver = a_receiver(kind=kind)

    assert pass_beside(Beside(processing=None, participation=None), ITEMS, receiver=receiver, at=NOON) is None
    with pytest.raises(Invalid):
        asked_about(ConsentKind.PROCESSING_CONSENT, ITEMS, receiver)


def test_a_sensitive_offering_needs_it_even_for_nothing() -> None:
    receiver = a_receiver(offering=an_offering(sensitive=True))

    with pytest.raises(ConsentMissing):
        pass_beside(Beside(processing=None, participation=None), [], receiver=receiver, at=NOON)


def test_a_live_consent_to_processing_opens_the_gate() -> None:
    beside = Beside(processing=a_processing(), participation=None)

    assert pass_beside(beside, ITEMS, receiver=a_receiver(), at=NOON) is beside.processing


@pytest.mark.parametrize(
    ("participation", "refusal"),
    [
        (a_participation(answer=Answer.NO), PersonSaidNo),
        (a_participation(**ENDED, ended_how=Ending.WITHDRAWN), ConsentHasEnded),
    ],
)
def test_a_no_to_the_offering_closes_the_gate(participation: Consent, refusal: type[GateClosed]) -> None:
    with pytest.raises(refusal) as refused:
        pass_beside(Beside(processing=None, participation=participation), [], receiver=a_receiver(), at=NOON)

    assert refused.value.members == {"kind": "participation"}


@pytest.mark.parametrize(
    "participation",
    [
        None,
        a_participation(),
        a_participation(valid_until=NOON),
        a_participation(**ENDED, ended_how=Ending.EXPIRED),
        a_participation(answer=Answer.NO, to_team_id=STRANGER),
    ],
)
def test_not_having_been_asked_about_the_offering_does_not(participation: Consent | None) -> None:
    beside = Beside(processing=None, participation=participation)

    assert pass_beside(beside, [an_item(NAME)], receiver=a_receiver(), at=NOON) is None


def test_each_kind_is_about_its_own_items() -> None:
    asked = {kind: asked_about(kind, ITEMS, a_receiver()) for kind in ConsentKind}

    assert asked == {
        ConsentKind.SECRECY_RELEASE: {NAME, NEED},
        ConsentKind.PROCESSING_CONSENT: {NEED},
        ConsentKind.PARTICIPATION: frozenset(),
    }


def test_a_sensitive_offering_of_one_with_a_basis_needs_none() -> None:
    receiver = a_receiver(kind=OrganisationKind.CARE, offering=an_offering(sensitive=True))

    assert pass_beside(Beside(processing=None, participation=None), [], receiver=receiver, at=NOON) is None
