"""How a consent ends, once, and who says yes to it again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.referrals.domain.asking import renewed
from services.referrals.domain.consent import Answer, Ending, GivenBy, Giver
from services.referrals.domain.refusals import ConsentHasEnded
from shared.events.consents import ConsentExpired
from tests.unit.referrals.makers import CONSENT, NOON, REFERRAL, a_consent
from tests.unit.referrals.test_consent import A_RENEWAL, SOONER


def test_a_no_is_never_live() -> None:
    assert not a_consent(answer=Answer.NO).is_live(NOON)


def test_its_end_is_a_version_of_its_own_and_told() -> None:
    ended, event = a_consent(version=3).expire(SOONER)

    assert (ended.version, ended.ended_at, ended.ended_how) == (4, SOONER, Ending.EXPIRED)
    assert isinstance(event, ConsentExpired)
    assert event.consent_id == CONSENT


def test_what_has_ended_says_how() -> None:
    ended, _ = a_consent().withdraw(NOON)

    with pytest.raises(ConsentHasEnded) as refused:
        ended.withdraw(NOON)

    assert refused.value.members == {"kind": "secrecy_release", "ended_how": "withdrawn"}


def test_who_says_yes_again_may_be_others_than_before() -> None:
    guardian = GivenBy(who=Giver.GUARDIAN, at=NOON)

    _, new, _ = renewed(a_consent(), replace(A_RENEWAL, given_by=(guardian,)), consent_id=REFERRAL, at=NOON)

    assert new.proof.given_by == (guardian,)
