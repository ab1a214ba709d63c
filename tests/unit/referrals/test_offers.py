"""The rules of an open offer's life, without any database."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.referrals.domain.consent import Answer
from services.referrals.domain.offer_consent import OfferConsent, demand_edge
from services.referrals.domain.offers import (
    TABLE,
    Offer,
    OfferCommand,
    OfferSide,
    OfferState,
    permit,
)
from services.referrals.domain.refusals import IllegalForOffer, NoTeamYet, PersonSaidNo
from services.referrals.domain.working_days import last_second
from shared.errors import NotYourSide, RoleMissing
from shared.events.base import ItemField, Role
from shared.events.consents import ConsentKind
from tests.unit.referrals.makers import (
    FIELDS,
    LOSER,
    NOON,
    PATH,
    RECEIVER,
    RECEIVING_TEAM,
    REFERRAL,
    SENDER,
    WINNER,
    a_consent,
    a_proof,
    an_offer,
)

LATER = NOON + timedelta(days=30)


VERBS: Mapping[OfferCommand, Callable[[Offer], Any]] = {
    OfferCommand.DISCARD: lambda offer: offer.discard(),
    OfferCommand.OPEN: lambda offer: offer.open(NOON, until=LATER),
    OfferCommand.CLAIM: lambda offer: offer.claim(NOON, referral_id=REFERRAL),
    OfferCommand.RECALL: lambda offer: offer.recall(NOON),
    OfferCommand.EXPIRE: lambda offer: offer.expire(NOON),
    OfferCommand.LOSE_CONSENT: lambda offer: offer.lose_consent(NOON),
}
LAWFUL = {
    ("draft", "discard"): "discarded",
    ("draft", "open"): "open",
    ("open", "claim"): "claimed",
    ("open", "recall"): "recalled",
    ("open", "expire"): "expired",
    ("open", "lose_consent"): "consent_lost",
}


@pytest.mark.parametrize(("state", "command"), list(itertools.product(OfferState, VERBS)))
def test_an_offer_goes_where_it_may_and_nowhere_else(state: OfferState, command: OfferCommand) -> None:
    to = LAWFUL.get((state, command))
    if to is None:
        with pytest.raises(IllegalForOffer):
            VERBS[command](an_offer(state))
        return
    said = VERBS[command](an_offer(state))
    after = said[0] if isinstance(said, tuple) else said
    assert (after.state, after.version) == (to, 2)


def test_only_clock_and_effects_have_no_role() -> None:
    for command, (_, by, _) in TABLE.items():
        right = {OfferSide.SENDER: Role.CASEWORKER, OfferSide.TEAM: Role.RECIPIENT}.get(by)
        permit(command, frozenset({by}), frozenset())
        with pytest.raises(NotYourSide if right else RoleMissing):
            permit(command, frozenset(), frozenset(Role))
        with pytest.raises(RoleMissing):
            permit(command, frozenset(), frozenset(Role) - {right} if right else frozenset(Role))


def test_it_is_open_for_three_working_days_and_never_past_the_consent() -> None:
    opened, event = an_offer().open(NOON, until=LATER)
    short, _ = an_offer().open(NOON, until=NOON + timedelta(hours=1))

    # Noon is a Friday: Monday, Tuesday, Wednesday.
    assert opened.closes_at == event.closes_at == last_second(NOON.date() + timedelta(days=5))
    assert short.closes_at == NOON + timedelta(hours=1)
    assert opened.shorten(NOON).closes_at == NOON
    assert opened.shorten(LATER) == opened


def test_nobody_claims_at_the_last_second_or_later() -> None:
    offer = an_offer(OfferState.OPEN, closes_at=NOON)

    with pytest.raises(IllegalForOffer) as refused:
        offer.claim(NOON, referral_id=REFERRAL)

    assert refused.value.members == {"state": "closed", "allowed": []}
    assert offer.claim(NOON - timedelta(seconds=1), referral_id=REFERRAL).state is OfferState.CLAIMED


def an_offer_consent(**changes: Any) -> OfferConsent:
    usual: dict[str, Any] = {
        "id": UUID(int=61),
        "kind": ConsentKind.SECRECY_RELEASE,
        "answer": Answer.YES,
        "path_id": PATH,
        "offer_id": UUID(int=51),
        "from_organisation_id": SENDER,
        "fields": FIELDS,
        "purpose": "språkcafé",
        "conditions": ("inte vidare",),
        "valid_from": NOON,
        "valid_until": LATER,
        "proof": a_proof(),
    }
    return OfferConsent(**{**usual, **changes})


def test_one_yes_becomes_the_edge_of_one_team_and_widens_nothing() -> None:
    consent = an_offer_consent()
    wanted = frozenset({ItemField.PHONE})

    edge, taken = consent.edge(
        NOON, referral_id=REFERRAL, organisation_id=RECEIVER, team_id=RECEIVING_TEAM, fields=wanted
    )

    assert edge.is_for(organisation_id=RECEIVER, team_id=RECEIVING_TEAM)
    assert not edge.is_for(organisation_id=LOSER.organisation_id, team_id=LOSER.team_id)
    assert (edge.id, edge.proof, edge.conditions) == (consent.id, consent.proof, consent.conditions)
    assert (edge.fields, edge.valid_until, edge.version) == (wanted, consent.valid_until, 2)
    assert taken.dropped == FIELDS - wanted
    assert edge.is_live(NOON)


def test_a_no_to_an_offer_is_a_full_answer_and_has_no_edge() -> None:
    no = an_offer_consent(answer=Answer.NO)

    assert no.given().type == "offer.consent_refused.v1"
    with pytest.raises(PersonSaidNo):
        no.withdraw(NOON)
    with pytest.raises(NoTeamYet):
        demand_edge(no)
    assert demand_edge(a_consent()) == a_consent()


def test_every_way_in_which_it_closes_unclaimed_is_told_to_the_same_teams() -> None:
    closings = [
        an_offer(OfferState.OPEN).recall(NOON)[1],
        an_offer(OfferState.OPEN).expire(NOON)[1],
        an_offer(OfferState.OPEN).lose_consent(NOON)[1],
    ]

    assert [one.reason for one in closings] == ["recalled", "expired", "consent_lost"]
    assert {one.teams for one in closings} == {(WINNER.asked(), LOSER.asked())}
    assert an_offer().others(WINNER) == (LOSER.asked(),)
