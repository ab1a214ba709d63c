"""How it went: each side says its own, disagreement is shown, and nobody hears more than is theirs."""

from __future__ import annotations

from typing import Any

from shared.events.base import Role
from shared.ids import new_id
from tests.integration.referrals.world import Member, World

COMPLETED = {"outcome": "met", "sentence": "Hon kommer varje vecka."}
LEAD = Role.TEAM_LEAD


async def completed(world: World) -> tuple[dict[str, Any], str]:
    """A completed referral, and its person's token."""
    active = await world.an_active_referral()
    done = await world.done(active, "complete", world.association, COMPLETED)
    path = await world.get(f"/paths/{done['path_id']}", world.sender)
    return done, world.person_token(path["person_id"])


def address(referral: dict[str, Any]) -> str:
    return f"/referrals/{referral['id']}/outcomes"


async def say(
    world: World, referral: dict[str, Any], by: Member | str, voice: str, met: Any, **more: Any
) -> dict[str, Any]:
    return await world.post(address(referral), by, {"voice": voice, "met": met, **more})


def spoken(found: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(one["voice"], one["met"], one["sentence"]) for one in found["items"] if one["stands"]]


async def test_three_voices_disagree_and_each_hears_what_is_its_own(world: World) -> None:
    done, person = await completed(world)
    alone = await world.get(address(done), world.sender)
    await say(world, done, world.sender, "sender", "partly_met", sentence="Språket, inte jobbet.")
    own = {"met": False, "sentence": "Jag fick ingen hjälp."}
    hers = await world.post(f"/me{address(done)}", person, own)

    home = await world.get(address(done), world.sender)
    herself = await world.get(f"/me{address(done)}", person)
    there = await world.get(address(done), world.association)

    assert (alone["agree"], alone["allowed"], alone["provider_only"]) == (None, ["sender"], False)
    assert spoken(home) == [
        ("provider", "met", "Hon kommer varje vecka."),
        ("sender", "partly_met", "Språket, inte jobbet."),
        ("person", "unmet", "Jag fick ingen hjälp."),
    ]
    assert spoken(herself) == spoken(home)
    assert (home["agree"], herself["agree"], herself["allowed"]) == (False, False, ["person"])
    assert spoken(there) == [("provider", "met", "Hon kommer varje vecka."), ("sender", "partly_met", None)]
    assert (there["agree"], there["allowed"]) == (False, ["provider"])
    assert (hers["voice"], hers["by_organisation_id"], hers["version"]) == ("person", None, 1)
    assert [one["by_organisation_id"] for one in home["items"]] == [
        str(world.association.organisation_id),
        str(world.sender.organisation_id),
        None,
    ]


async def test_what_is_said_again_lets_the_older_word_stay(world: World) -> None:
    done, person = await completed(world)
    first = await say(world, done, person, "person", "unmet", sentence="Nej.")
    await say(world, done, person, "person", True)
    await say(world, done, world.association, "provider", "partly_met")
    await say(world, done, world.association, "provider", "met")

    found = await world.get(address(done), world.sender)

    said = [(one["voice"], one["met"], one["stands"]) for one in found["items"]]
    assert said == [
        ("provider", "met", False),
        ("person", "unmet", False),
        ("person", "met", True),
        ("provider", "partly_met", False),
        ("provider", "met", True),
    ]
    assert found["agree"] is True
    assert await world.get(f"{address(done)}/{first['id']}", person) == {**first, "stands": False}


async def test_the_leads_speak_for_their_organisations_and_the_homes_for_society(world: World) -> None:
    done, _ = await completed(world)
    here, there = (world.token(side, LEAD) for side in (world.sender, world.association))
    await say(world, done, here, "organisation", "met", sentence="Vi sparade tid.")
    await say(world, done, there, "organisation", "unmet", sentence="Vi behöver fler ledare.")
    await say(world, done, here, "society", "met")

    home = await world.get(address(done), world.sender)

    receiver = (await world.get(address(done), there))["items"]
    assert [(voice, sentence) for voice, _, sentence in spoken(home)[1:]] == [
        ("organisation", "Vi sparade tid."),
        ("organisation", "Vi behöver fler ledare."),
        ("society", None),
    ]
    assert [one["sentence"] for one in receiver[1:]] == [None, "Vi behöver fler ledare.", None]
    assert home["agree"] is None


OTHERS_VOICES = [
    ("sender", [Role.CASEWORKER], "person", "role-missing"),
    ("sender", [Role.CASEWORKER], "provider", "role-missing"),
    ("sender", [Role.CASEWORKER, Role.RECIPIENT], "provider", "not-your-side"),
    ("sender", [Role.CASEWORKER], "society", "role-missing"),
    ("sender", [Role.COORDINATOR], "society", "role-missing"),
    ("sender", [Role.NETWORK_ADMIN], "sender", "role-missing"),
    ("association", [Role.RECIPIENT], "sender", "role-missing"),
    ("association", [LEAD], "sender", "not-your-side"),
    ("association", [LEAD], "society", "not-your-side"),
    ("association", [Role.RECIPIENT], "organisation", "role-missing"),
    ("association", [Role.RECIPIENT], "person", "role-missing"),
]


async def test_nobody_speaks_in_another_voice(world: World) -> None:
    done, _ = await completed(world)

    for side, roles, voice, slug in OTHERS_VOICES:
        token = world.token(getattr(world, side), *roles)
        answer = await world.call("POST", address(done), token, {"voice": voice, "met": "met"})
        assert (answer.status_code, answer.json()["type"]) == (403, f"/problems/{slug}"), (side, roles, voice)

    assert len((await world.get(address(done), world.sender))["items"]) == 1


async def test_she_speaks_in_her_own_voice_alone(world: World) -> None:
    done, person = await completed(world)

    for voice in ("sender", "provider", "society"):
        answer = await world.call("POST", address(done), person, {"voice": voice, "met": "met"})
        assert answer.json()["type"] == "/problems/role-missing"
    through_me = await world.call("POST", f"/me{address(done)}", person, {"voice": "sender", "met": "met"})
    for method, body in (("POST", {"met": "met"}), ("GET", None)):
        by_staff = await world.call(method, f"/me{address(done)}", world.sender, body)
        assert by_staff.json()["type"] == "/problems/role-missing"

    assert through_me.status_code == 422


async def test_to_all_others_there_is_nothing(world: World) -> None:
    done, _ = await completed(world)
    colleague = world.token(world.sender, team=new_id())
    another = world.person_token((await world.a_person())["id"])
    body = {"voice": "person", "met": "met"}

    for stranger, prefix in ((world.stranger, ""), (another, ""), (another, "/me"), (world.housing, "")):
        for method, said in (("GET", None), ("POST", body)):
            foreign = await world.call(method, prefix + address(done), stranger, said)
            unknown = await world.call(method, prefix + address({"id": new_id()}), stranger, said)
            assert (foreign.status_code, foreign.content) == (404, unknown.content)
    for method, said in (("GET", None), ("POST", {**body, "voice": "sender"})):
        refused = await world.call(method, address(done), colleague, said)
        assert refused.json()["type"] == "/problems/not-your-side"
    found = await world.call("GET", f"{address(done)}/{new_id()}", world.sender)
    assert found.status_code == 404


async def test_only_of_what_has_ended_and_was_right_something_is_said(world: World) -> None:
    active = await world.an_active_referral()
    body = {"voice": "sender", "met": "met"}
    early = await world.call("POST", address(active), world.sender, body)
    done = await world.done(active, "complete", world.association, COMPLETED)
    await world.done(done, "mark_error", world.token(world.sender, LEAD), {"reason": "fel person"})

    late = await world.call("POST", address(done), world.sender, body)

    assert (early.status_code, early.json()["type"]) == (409, "/problems/illegal-command")
    assert (early.json()["state"], early.json()["allowed"]) == ("active", ["note_contact", "end", "reassign"])
    assert (late.json()["type"], late.json()["state"]) == ("/problems/illegal-command", "in_error")
    assert (await world.get(address(done), world.sender))["allowed"] == []


async def test_a_no_is_an_end_too(world: World) -> None:
    sent = await world.a_sent_referral()
    no = {"reason": "no_capacity", "sentence": "Det är fullt."}
    declined = await world.done(sent, "decline", world.association, no)
    path = await world.get(f"/paths/{sent['path_id']}", world.sender)

    await say(world, declined, world.person_token(path["person_id"]), "person", "unmet")
    await say(world, declined, world.sender, "sender", "unmet")

    assert (await world.get(address(declined), world.sender))["agree"] is True


async def test_an_end_that_was_taken_back_leaves_its_words_and_they_stand_no_more(world: World) -> None:
    done, person = await completed(world)
    await say(world, done, person, "person", "unmet")
    reopened = await world.done(done, "reopen", world.association, {"reason": "för tidigt"})
    again = await world.done(
        reopened, "complete", world.association, {"outcome": "unmet", "sentence": "Slut."}
    )

    found = await world.get(address(again), world.sender)

    assert [(one["voice"], one["sentence"], one["stands"]) for one in found["items"]] == [
        ("provider", "Hon kommer varje vecka.", False),
        ("person", None, False),
        ("provider", "Slut.", True),
    ]
    assert found["agree"] is None


async def test_after_the_consents_end_the_receiver_neither_hears_nor_speaks(world: World) -> None:
    done, person = await completed(world)
    release = done["consent_ids"][0]
    await world.post(f"/consents/{release}/withdrawal", person, {})

    heard = await world.call("GET", address(done), world.association)
    body = {"voice": "provider", "met": "met"}
    said = await world.call("POST", address(done), world.association, body)
    await say(world, done, person, "person", "met")

    for answer in (heard, said):
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/consent-ended")
    assert len((await world.get(address(done), world.sender))["items"]) == 2


async def test_the_same_key_says_it_once(world: World) -> None:
    done, _ = await completed(world)
    body = {"voice": "sender", "met": "met"}

    first = await world.call("POST", address(done), world.sender, body, key="same")
    again = await world.call("POST", address(done), world.sender, body, key="same")
    other = await world.call("POST", address(done), world.sender, {**body, "met": "unmet"}, key="same")

    assert (first.status_code, first.json()) == (201, again.json())
    assert first.headers["Location"] == f"{address(done)}/{first.json()['id']}"
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert len((await world.get(address(done), world.sender))["items"]) == 2


UNSAYABLE: list[tuple[dict[str, Any], str]] = [
    ({"met": "perhaps"}, "met"),
    ({"met": None}, "met"),
    ({"met": 1}, "met"),
    ({"voice": "neighbour"}, "voice"),
    ({"sentence": ""}, "sentence"),
    ({"sentence": "x" * 10_000}, "sentence"),
    ({"sentence": "\ud800"}, "sentence"),
    ({"by": "somebody"}, "by"),
]


async def test_what_cannot_be_said_names_its_field(world: World) -> None:
    done, _ = await completed(world)

    for changes, field in UNSAYABLE:
        body = {"voice": "sender", "met": "met", **changes}
        answer = await world.call_raw(address(done), world.sender, body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), changes


async def test_strange_words_come_back_as_they_were_and_are_paged(world: World) -> None:
    done, person = await completed(world)
    strange = ["a\x00b", "\u202ebakvänt\u2066", "Åsa 🌍", "x" * 600, "'; drop table paths; --"]
    for sentence in strange:
        await say(world, done, person, "person", "met", sentence=sentence)

    found, after = [], ""
    while after is not None:
        shown = await world.get(f"{address(done)}?limit=2{after and '&after=' + after}", person)
        found += [one["sentence"] for one in shown["items"]]
        after = shown["next"]

    unknown = await world.call("GET", f"{address(done)}?after={new_id()}", person)
    assert found[1:] == strange
    assert unknown.status_code == 404


async def test_every_hearing_is_written_down_and_nothing_personal_is_told(world: World) -> None:
    done, person = await completed(world)
    await say(world, done, world.sender, "sender", "met", sentence="Amina trivs.")
    await say(world, done, person, "person", "met", sentence="Jag trivs.")
    for caller in (world.sender, world.association, person):
        await world.get(address(done), caller)

    log = "select actor_kind from access_log where read = 'outcomes' and object_id = %(id)s order by at"
    reads = await world.sql(log, {"id": done["id"]}, as_=world.sender.organisation_id)
    told = "select body from untold where subject = %(path)s and type = 'outcome.said.v1'"
    told += " union all " + told.replace("untold", "log")
    bodies = await world.sql(told, {"path": done["path_id"]})
    dump = await world.dump()

    assert [row["actor_kind"] for row in reads] == ["staff", "person"]
    assert {(row["body"]["voice"], row["body"]["met"]) for row in bodies} == {
        ("sender", "met"),
        ("person", "met"),
    }
    for secret in ("trivs", "varje vecka"):
        assert secret not in dump, secret
