"""Before it is sent: how the receiver protects what it is told, and that it is full."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.unit.web.makers import Services, a_browser
from tests.unit.web.test_pages import ID, REFERRAL

OFFERING = {
    "id": REFERRAL["offering_id"],
    "organisation_id": REFERRAL["to_organisation_id"],
    "team_id": REFERRAL["to_team_id"],
    "name": "Språkcafé",
    "kind": "unassessed",
    "required_fields": [],
    "answer_promise_days": 3,
    "languages": ["sv"],
    "age_from": None,
    "age_to": None,
}
RECEIVER = {"id": REFERRAL["to_organisation_id"], "name": "Föreningen Nya (demo)"}


def answers(**others: Any) -> dict[str, Any]:
    return {
        f"GET referrals/referrals/{ID}": REFERRAL,
        f"GET referrals/referrals/{ID}/preview": {"items": [], "conditions": []},
        f"GET organisations/offerings/{OFFERING['id']}": OFFERING,
        f"GET organisations/organisations/{RECEIVER['id']}": {**RECEIVER, "protection": "company_secrecy"},
        "GET referrals/consent-texts": {"text": "Får vi?", "text_version": 1, "text_sha256": "0" * 64},
        **others,
    }


async def test_the_person_is_told_how_the_receiver_protects_what_it_is_told() -> None:
    async with a_browser(Services(answers(), "caseworker")) as browser:
        response = await browser.get(f"/overlamningar/{ID}/samtycke")

    assert response.status_code == 200
    assert "Mottagaren är ett kommunalt bolag." in response.text


async def test_a_full_receiver_is_sent_to_when_the_box_is_ticked() -> None:
    send = f"POST referrals/referrals/{ID}/send"
    services = Services(answers(**{send: (409, {"type": "/problems/receiver-full"})}), "caseworker")
    form = {"key": str(uuid4()), "version": "3"}
    async with a_browser(services) as browser:
        told = await browser.post(f"/overlamningar/{ID}/skicka", data=form)
        services.answers[send] = REFERRAL
        sent = await browser.post(f"/overlamningar/{ID}/skicka", data={**form, "although_full": "yes"})

    assert (told.status_code, sent.status_code) == (409, 303)
    assert "Mottagaren har fullt just nu" in told.text
    assert 'name="although_full"' in told.text
    assert services.asked_for(send)[-1].content == b'{"undo_s":10,"although_full":true}'
