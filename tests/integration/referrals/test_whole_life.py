"""From the receiver's first look to the end, and back: every command, over HTTP."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.referrals.domain.working_days import working_day
from shared.events.base import Role
from tests.integration.referrals.world import TODAY, World

SOON = str(TODAY + timedelta(days=20))
NOW = "2026-11-20T10:00:00Z"
SENTENCE = {"sentence": "Vi hörs."}


def day_of(instant: str) -> date:
    """The Swedish day of an instant that ends one."""
    return datetime.fromisoformat(instant).date()


async def test_a_question_stops_the_receivers_clock_and_starts_the_senders(living_world: World) -> None:
    opened = await living_world.an_opened_referral()

    asked = await living_world.done(opened, "ask", living_world.association, {"question": "Vilka tider?"})
    await living_world.advance(days=1)
    answered = await living_world.done(asked, "answer", living_world.sender, {"text": "Kvällar."})

    owed = day_of(opened["answer_by"])
    tomorrow = TODAY + timedelta(days=1)
    left = sum(1 for nth in range(1, 9) if working_day(TODAY, nth) <= owed)
    assert (asked["state"], day_of(asked["answer_by"])) == ("info_requested", working_day(TODAY, 3))
    assert (answered["state"], day_of(answered["answer_by"])) == ("opened", working_day(tomorrow, left))
    said = await living_world.get(f"/referrals/{opened['id']}/words", living_world.association)
    assert [one["words"] for one in said["items"]] == [{"question": "Vilka tider?"}, {"text": "Kvällar."}]


async def test_an_answer_goes_back_to_where_it_was_asked_from(world: World) -> None:
    sent = await world.a_sent_referral()

    asked = await world.done(sent, "ask", world.association, {"question": "Rätt förening?"})
    read = await world.call("GET", f"/referrals/{sent['id']}/disclosure", world.association)
    answered = await world.done(asked, "answer", world.sender, {"text": "Ja."})

    assert read.status_code == 409
    assert answered["state"] == "sent"


async def test_an_answer_gives_no_item_that_was_not_released(world: World) -> None:
    opened = await world.an_opened_referral()
    asked = await world.done(opened, "ask", world.association, {"question": "Nytt nummer?"})
    phone = [{"field": "phone", "class": "contact", "value": "070-174 06 99", "why": "nytt"}]
    email = [{"field": "email", "class": "contact", "value": "a@example.se", "why": "nytt"}]

    refused = await world.command(asked, "answer", world.sender, {"text": "Här.", "items": email})
    answered = await world.done(asked, "answer", world.sender, {"text": "Här.", "items": phone})
    read = await world.get(f"/referrals/{opened['id']}/disclosure", world.association)

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/items-not-released")
    assert answered["state"] == "opened"
    assert [item["value"] for item in read["items"] if item["field"] == "phone"] == ["070-174 06 99"]
    assert len(read["items"]) == 3


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("waitlist", {"review_on": str(TODAY + timedelta(days=91))}),
        ("waitlist", {"review_on": str(TODAY - timedelta(days=1))}),
        ("accept", {"first_contact_by": str(TODAY - timedelta(days=1))}),
        ("forward", {}),
        ("ask", {"question": ""}),
    ],
)
async def test_an_impossible_answer_is_refused_by_naming_the_field(
    world: World, command: str, body: dict[str, Any]
) -> None:
    opened = await world.an_opened_referral()
    usual = {
        "accept": {"staff_id": str(world.association.staff_id)},
        "forward": {**SENTENCE, "offering_id": opened["offering_id"]},
    }

    refused = await world.command(opened, command, world.association, usual.get(command, {}) | body)

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [*(body or ["offering_id"])]


async def test_a_place_on_the_waiting_list_can_be_renewed_and_taken(world: World) -> None:
    opened = await world.an_opened_referral()

    waiting = await world.done(opened, "waitlist", world.association, {"review_on": SOON})
    renewed = {"review_on": str(TODAY + timedelta(days=40))}
    later = await world.done(waiting, "waitlist", world.association, renewed)
    accepted = await world.done(later, "accept", world.association, world.accepting())

    assert (waiting["state"], waiting["review_on"], waiting["answer_by"]) == ("waitlisted", SOON, None)
    assert later["review_on"] != SOON
    assert accepted["state"] == "accepted"


async def test_forwarding_gives_the_sender_an_empty_draft_and_discloses_nothing(world: World) -> None:
    opened = await world.an_opened_referral()
    hint = {**SENTENCE, "offering_id": str(world.housing.offering_id)}

    forwarded = await world.done(opened, "forward", world.association, hint)

    drafts = await world.get("/referrals?box=out&state=draft", world.sender)
    child = next(one for one in drafts["items"] if one["parent_id"] == opened["id"])
    preview = await world.get(f"/referrals/{child['id']}/preview", world.sender)
    unknown = await world.call("GET", f"/referrals/{child['id']}", world.housing)
    assert forwarded["state"] == "forwarded"
    assert (child["state"], child["need_id"]) == ("draft", opened["need_id"])
    assert child["to_team_id"] == str(world.housing.team_id)
    assert (preview["items"], unknown.status_code) == ([], 404)


async def test_a_reminder_by_hand_goes_once_in_two_working_days(living_world: World) -> None:
    sent = await living_world.a_sent_referral()

    reminded = await living_world.done(sent, "remind", living_world.sender)
    again = await living_world.command(reminded, "remind", living_world.sender)
    await living_world.advance(days=5)
    later = await living_world.get(f"/referrals/{sent['id']}", living_world.sender)

    assert reminded["state"] == "sent"
    assert (again.status_code, again.json()["type"]) == (429, "/problems/rate-limited")
    assert "remind" in later["allowed"]
    await living_world.done(later, "remind", living_world.sender)


async def test_starting_moves_what_one_is_accountable_for_and_completing_answers_the_need(
    world: World,
) -> None:
    accepted = await world.an_accepted_referral()
    path = f"/needs/{accepted['need_id']}"
    home, club = (str(member.organisation_id) for member in (world.sender, world.association))

    before = await world.get(path, world.sender)
    active = await world.done(accepted, "start", world.association, {"at": NOW, "way": "möte"})
    during = await world.get(path, world.sender)
    body = {"outcome": "met", **SENTENCE}
    completed = await world.done(active, "complete", world.association, body)
    after = await world.get(path, world.sender)

    assert [one["accountable_organisation_id"] for one in (before, during, after)] == [home, club, home]
    assert (active["state"], completed["state"], after["state"]) == ("active", "completed", "answered")


async def test_contact_is_noted_by_either_side_and_changes_no_state(world: World) -> None:
    accepted = await world.an_accepted_referral()

    noted = await world.done(accepted, "note_contact", world.association, {"kind": "attempted", "at": NOW})
    booked = await world.done(
        noted, "note_contact", world.sender, {"kind": "booked", "at": "2099-01-01T10:00:00Z"}
    )
    ahead = await world.command(
        booked, "note_contact", world.sender, {"kind": "reached", "at": "2099-01-01T10:00:00Z"}
    )

    assert (noted["state"], booked["state"]) == ("accepted", "accepted")
    assert (ahead.status_code, ahead.json()["errors"][0]["field"]) == (422, "at")


async def test_what_was_begun_rests_and_goes_on(world: World) -> None:
    active = await world.an_active_referral()

    paused = await world.done(active, "pause", world.association, {"reason": "sjuk", "resume_on": SOON})
    resumed = await world.done(paused, "resume", world.association)

    assert (paused["state"], paused["resume_on"]) == ("paused", SOON)
    assert (resumed["state"], resumed["resume_on"]) == ("active", None)


@pytest.mark.parametrize("state", ["accepted", "active", "paused"])
async def test_either_side_and_the_person_may_end_it(world: World, state: str) -> None:
    referral = await world.an_accepted_referral()
    if state != "accepted":
        referral = await world.done(referral, "start", world.association, {"at": NOW, "way": "möte"})
    if state == "paused":
        referral = await world.done(
            referral, "pause", world.association, {"reason": "sjuk", "resume_on": SOON}
        )
    whose = {"accepted": world.sender, "active": world.association}
    path = await world.get(f"/paths/{referral['path_id']}", world.sender)
    by = whose.get(state) or world.person_token(path["person_id"])

    ended = await world.done(referral, "end", by, {"reason": "no_longer_wanted", **SENTENCE})

    timeline = await world.get(f"/referrals/{referral['id']}/timeline", world.sender)
    sides = {"accepted": "sender", "active": "receiver", "paused": "person"}
    assert ended["state"] == "ended"
    assert timeline["items"][-1]["by_side"] == sides[state]


async def test_who_ended_it_takes_it_back_within_14_days(living_world: World) -> None:
    sent = await living_world.a_sent_referral()
    no = {"reason": "no_capacity", **SENTENCE}
    declined = await living_world.done(sent, "decline", living_world.association, no)

    others = await living_world.command(declined, "reopen", living_world.sender, {"reason": "snälla"})
    reopened = await living_world.done(declined, "reopen", living_world.association, {"reason": "fel knapp"})
    again = await living_world.done(reopened, "decline", living_world.association, no)
    await living_world.advance(days=15)
    late = await living_world.command(again, "reopen", living_world.association, {"reason": "fel"})

    assert (others.status_code, others.json()["type"]) == (403, "/problems/not-your-side")
    assert reopened["state"] == "sent"
    assert (late.status_code, late.json()["allowed"]) == (409, [])


async def test_an_end_is_not_taken_back_while_another_has_the_need_or_after_the_consent(world: World) -> None:
    sent = await world.a_sent_referral()
    no = {"reason": "no_capacity", **SENTENCE}
    declined = await world.done(sent, "decline", world.association, no)
    other = await world.a_draft({"id": sent["need_id"]})
    await world.a_consent(other)
    other = await world.done(other, "send", world.sender)

    busy = await world.command(declined, "reopen", world.association, {"reason": "fel"})
    await world.done(other, "recall", world.sender, {"reason": "duplicate"})
    await world.post(f"/consents/{declined['consent_ids'][0]}/withdrawal", world.sender, {})
    ended = await world.command(declined, "reopen", world.association, {"reason": "fel"})

    assert busy.json()["type"] == "/problems/need-busy"
    assert ended.json()["type"] == "/problems/consent-ended"


async def test_reopening_a_completed_one_opens_the_need_again(world: World) -> None:
    active = await world.an_active_referral()
    completed = await world.done(active, "complete", world.association, {"outcome": "met", **SENTENCE})

    reopened = await world.done(completed, "reopen", world.association, {"reason": "för tidigt"})

    need = await world.get(f"/needs/{active['need_id']}", world.sender)
    assert (reopened["state"], need["state"]) == ("active", "open")


async def test_what_should_never_have_been_is_locked_at_once(world: World) -> None:
    opened = await world.an_opened_referral()
    lead = world.token(world.sender, Role.TEAM_LEAD)

    refused = await world.command(opened, "mark_error", world.sender, {"reason": "fel person"})
    marked = await world.done(opened, "mark_error", lead, {"reason": "fel person"})
    read = await world.call("GET", f"/referrals/{opened['id']}/disclosure", world.association)
    holders = await world.get(f"/consents/{opened['consent_ids'][0]}/holders", world.sender)

    assert refused.status_code == 403
    assert (marked["state"], marked["allowed"]) == ("in_error", [])
    assert read.status_code == 409
    assert [holder["locked_at"] is not None for holder in holders["items"]] == [True]


async def test_a_lead_or_the_holder_gives_it_to_a_colleague(world: World) -> None:
    accepted = await world.an_accepted_referral()
    lead = world.token(world.association, Role.TEAM_LEAD)

    stranger = await world.command(accepted, "reassign", lead, {"staff_id": str(world.sender.staff_id)})
    by_lead = await world.done(accepted, "reassign", lead, {"staff_id": str(world.association.staff_id)})
    by_holder = await world.done(
        by_lead, "reassign", world.association, {"staff_id": str(world.association.staff_id)}
    )
    other = world.token(world.association, id=world.stranger.staff_id)
    nobody = await world.command(by_holder, "reassign", other, {"staff_id": str(world.association.staff_id)})

    assert stranger.status_code == 404
    assert by_lead["to_staff_id"] == str(world.association.staff_id)
    assert (nobody.status_code, nobody.json()["type"]) == (403, "/problems/not-your-side")


async def test_words_are_for_both_sides_while_the_consent_lives_and_for_no_one_else(world: World) -> None:
    opened = await world.an_opened_referral()
    await world.done(opened, "ask", world.association, {"question": "Vilka tider?"})
    path = f"/referrals/{opened['id']}/words"

    foreign = await world.call("GET", path, world.stranger)
    await world.post(f"/consents/{opened['consent_ids'][0]}/withdrawal", world.sender, {})
    gone = await world.call("GET", path, world.association)
    kept = await world.get(path, world.sender)

    assert foreign.status_code == 404
    assert (gone.status_code, gone.json()["type"]) == (409, "/problems/consent-ended")
    assert len(kept["items"]) == 1
