"""The life of a need's referrals against a model that knows the page of the docs alone.

All commands, sides, times and ends of consent are tried in any order; after every step there is one
accountable organisation, at most one open referral, a way out of each open state, and a clock.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import islice

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from deploy.documents import life_page
from services.referrals.domain import transitions
from services.referrals.domain.clocks import rings_of
from services.referrals.domain.consent import Consent, Ending
from services.referrals.domain.needs import Need, OpenReferral
from services.referrals.domain.offers import OfferState
from services.referrals.domain.referral import Referral
from services.referrals.domain.refusals import GateClosed, IllegalCommand, NeedBusy
from services.referrals.domain.transitions import Command, Side, State
from services.referrals.domain.working_days import STOCKHOLM, local_date, working_days_after
from shared.errors import NotYourSide, RateLimited, Refused
from tests.unit.referrals import described
from tests.unit.referrals.makers import NOON, a_colleague, a_consent, a_need, a_receiver, a_referral, an_offer
from tests.unit.referrals.verbs import VERBS, Given

EXAMPLES = 2_000 if os.environ.get("LONG") else 200

OPEN = frozenset({"queued", "sent", "opened", "info_requested", "waitlisted", "accepted", "active", "paused"})
GOING_ON = frozenset(VERBS) - {
    "discard", "mark_error", "lose_consent", "recall", "expire", "undo", "end", "decline", "forward",
}  # fmt: skip
FINAL = frozenset({"discarded"})
RECEIVERS = frozenset({Side.RECEIVER, Side.RECEIVER_LEAD, Side.RECEIVER_HOLDER})
WHOSE = {"receiver": RECEIVERS, "person": frozenset({Side.PERSON})}
NEEDS_RELEASE = frozenset({"send", "dispatch", "open", "accept", "resume", "reopen"})


BY_ITSELF = {"dispatch": "clock", "expire": "clock", "lose_consent": "effect"}


class Life(RuleBasedStateMachine):
    """One need, the referrals of it one after another, and the consent that each rests on."""

    @initialize()
    def begin(self) -> None:
        self.at = NOON
        self.referrals: list[Referral] = []
        self.consents: list[Consent] = []
        self.asked_from: dict[int, str] = {}
        self.ended: dict[int, tuple[str, frozenset[Side], datetime]] = {}
        self.reminded: dict[int, datetime] = {}
        self.another_draft()

    @precondition(lambda self: all(one.state != "draft" for one in self.referrals))
    @rule()
    def another_draft(self) -> None:
        drafted, _ = a_referral(version=0, created_at=self.at, changed_at=self.at).draft()
        assert drafted.state == described.born("draft")
        self.referrals.append(drafted)
        until = self.at + timedelta(days=60)
        self.consents.append(a_consent(valid_from=self.at, valid_until=until))

    @precondition(lambda self: all(one.state not in OPEN for one in self.referrals))
    @rule()
    def an_offer_of_it_is_claimed(self) -> None:
        until = self.at + timedelta(days=60)
        release = a_consent(valid_from=self.at, valid_until=until)
        fresh = a_referral(version=0, created_at=self.at, changed_at=self.at, sent_at=None)
        claimed, _ = fresh.claim(
            an_offer(OfferState.OPEN),
            release=release,
            receiver=a_receiver(),
            staff=a_colleague(),
            conditions_accepted=True,
        )
        assert (claimed.state, claimed.version) == (described.born("claim"), 1)
        self.referrals.append(claimed)
        self.consents.append(release)

    @rule(hours=st.sampled_from([1, 5, 30, 100]))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(nth=st.integers(0, 3), chance=st.integers(0, 9))
    def the_person_takes_it_back(self, nth: int, chance: int) -> None:
        nth %= len(self.consents)
        if chance == 9 and self.consents[nth].ended_how is None:
            self.consents[nth] = replace(self.consents[nth], ended_at=self.at, ended_how=Ending.WITHDRAWN)
            if self.referrals[nth].state in OPEN:
                self.referrals[nth] = self.referrals[nth].lose_consent(self.at)[0]

    @rule(pick=st.integers(0, 99), who=st.integers(0, 9))
    def it_goes_on(self, pick: int, who: int) -> None:
        self._do_what_the_page_allows(pick, who, GOING_ON)

    @rule(pick=st.integers(0, 99), who=st.integers(0, 9), again=st.integers(1, 4))
    def it_goes_on_for_a_while(self, pick: int, who: int, again: int) -> None:
        for more in range(again):
            self._do_what_the_page_allows(pick + more, who, GOING_ON)

    @rule(pick=st.integers(0, 99), who=st.integers(0, 9))
    def it_may_end(self, pick: int, who: int) -> None:
        self._do_what_the_page_allows(pick, who, frozenset(VERBS))

    def _do_what_the_page_allows(self, pick: int, who: int, commands: frozenset[str]) -> None:
        """Something lawful with the referral that is under way, or with the newest."""
        under_way = (nth for nth, one in enumerate(self.referrals) if one.state in OPEN)
        nth = next(under_way, len(self.referrals) - 1)
        rows = [row for row in described.rows() if self.referrals[nth].state in row.starts]
        if lawful := [row for row in rows if row.command in commands]:
            row = lawful[pick % len(lawful)]
            sides = sorted(row.by)
            self._give(nth, row.command, Side(sides[who % len(sides)]))

    @rule(nth=st.integers(0, 3), command=st.sampled_from(sorted(VERBS)), side=st.sampled_from(Side))
    def somebody_gives_a_command(self, nth: int, command: str, side: Side) -> None:
        self._give(nth % len(self.referrals), command, side)

    def _give(self, nth: int, command: str, side: Side) -> None:
        before = self.referrals[nth]
        side = Side(BY_ITSELF.get(command, side))
        wanted = self._wanted(nth, command, side)
        given = Given(before, frozenset({side}), self.at, self.consents[nth], self._busy(nth))
        if not isinstance(wanted, str):
            with pytest.raises(wanted):
                VERBS[command](given)
            return
        said = VERBS[command](given)
        after = said[0] if isinstance(said, tuple) else said
        assert after.state == wanted, (before.state, command, side)
        assert after.version == before.version + 1
        self._remember(nth, command, side, before)
        self.referrals[nth] = after

    def _wanted(self, nth: int, command: str, side: Side) -> str | type[Refused]:
        """The state that the model expects, or the refusal."""
        before = self.referrals[nth]
        to = described.leads(before.state, command, frozenset({side}))
        if to is None:
            return IllegalCommand
        if refused := self._refused(nth, command, side):
            return refused
        back = {
            "same": before.state,
            "where it was asked from": self.asked_from.get(nth, ""),
            "the state before": self.ended[nth][0] if nth in self.ended else "",
        }
        return back.get(to, to)

    def _refused(self, nth: int, command: str, side: Side) -> type[Refused] | None:
        """Why what stands in the table may not be done all the same, the first reason."""
        _, sides, ended_at = self.ended.get(nth, ("", frozenset(), NOON))
        reminded = self.reminded.get(nth)
        reasons: list[tuple[type[Refused], bool]] = [
            (NotYourSide, command == "reopen" and side not in sides),
            (IllegalCommand, command == "reopen" and self.at > ended_at + timedelta(days=14)),
            (NeedBusy, command in {"send", "reopen"} and self._busy(nth)),
            (GateClosed, command in NEEDS_RELEASE and not self._released(nth)),
            (RateLimited, command == "remind" and reminded is not None and self.at < reminded),
        ]
        return next((refusal for refusal, holds in reasons if holds), None)

    def _remember(self, nth: int, command: str, side: Side, before: Referral) -> None:
        if command == "ask":
            self.asked_from[nth] = before.state
        if command == "remind":
            second_day = next(islice(working_days_after(local_date(self.at)), 1, None))
            self.reminded[nth] = datetime.combine(second_day, time(), STOCKHOLM)
        if command in {"decline", "complete", "end"}:
            sides = RECEIVERS if side in RECEIVERS else WHOSE.get(side, frozenset({Side.SENDER}))
            self.ended[nth] = (before.state, sides, self.at)

    def _busy(self, nth: int) -> bool:
        return any(one.state in OPEN for number, one in enumerate(self.referrals) if number != nth)

    def _released(self, nth: int) -> bool:
        consent = self.consents[nth]
        return consent.ended_how is None and consent.valid_from <= self.at < consent.valid_until

    @invariant()
    def one_is_accountable(self) -> None:
        under_way = [one for one in self.referrals if one.state in OPEN]
        assert len(under_way) <= 1
        need: Need = a_need(open_referral=_seen(under_way[0]) if under_way else None)
        begun = bool(under_way) and under_way[0].state in {"active", "paused"}
        home, receiver = need.home_organisation_id, under_way[0].to_organisation_id if under_way else None
        assert need.accountable_organisation_id == (receiver if begun else home)

    @invariant()
    def each_open_state_has_a_way_out_and_each_wait_a_clock(self) -> None:
        for one in self.referrals:
            ways = {row.to for row in described.rows() if one.state in row.starts}
            assert ways - {"same"} or one.state in FINAL | {"in_error"}
            assert rings_of(one) or one.state in FINAL | {"queued"}


def _seen(referral: Referral) -> OpenReferral:
    return OpenReferral(id=referral.id, state=referral.state, to_organisation_id=referral.to_organisation_id)


Life.TestCase.settings = settings(max_examples=EXAMPLES, stateful_step_count=80, deadline=None)
TestLife = Life.TestCase


def test_the_page_and_the_code_name_the_same() -> None:
    commands = {row.command for row in described.rows()}
    states = {state for row in described.rows() for state in row.starts}

    assert commands == set(Command)
    assert states == set(State) - {State.DISCARDED, State.IN_ERROR}


@pytest.mark.parametrize("nth", range(len(transitions.TABLE)), ids=lambda nth: transitions.TABLE[nth].command)
def test_a_row_that_is_taken_away_is_missed_by_the_verbs_and_the_page(
    nth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, fewer = transitions.TABLE[nth], (*transitions.TABLE[:nth], *transitions.TABLE[nth + 1 :])
    monkeypatch.setattr(transitions, "TABLE", fewer)
    monkeypatch.setattr(life_page, "TABLE", fewer)

    assert life_page.page() != described.PAGE.read_text()
    for state in row.start:
        assert row.command not in transitions.allowed(state, row.by)
        with pytest.raises(IllegalCommand):
            transitions.step(row.command, state, row.by)
