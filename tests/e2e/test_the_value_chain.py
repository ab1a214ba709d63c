"""A value chain over three organisations: a better offering, a no, a yes, the next step, and a withdrawal."""

from __future__ import annotations

from tests.e2e.api import Api
from tests.e2e.chain import Chain
from tests.e2e.network import Network

SENTENCE = "Vi hörs."


def test_a_path_goes_on_until_the_person_takes_her_consent_back(api: Api, network: Network) -> None:
    home, club, school = network.first, network.second, network.third
    chain = Chain(api, home)
    need, later = chain.need_of(chain.first), chain.need_of(chain.second)

    assert chain.try_to_draft(later, school).json()["type"] == "/problems/step-not-ready"
    first = chain.send(chain.try_to_draft(need, club).json())
    opened = chain.open(first, club)
    better = {"offering_id": school.offering_id, "sentence": SENTENCE}
    chain.command(opened, "forward", club.recipient.login, **better)
    assert chain.disclosed(first, club).status_code == 409, "what was forwarded is not read on"

    drafts = chain.home_gets("/referrals?box=out&state=draft")["items"]
    child = next(one for one in drafts if one["parent_id"] == first["id"])
    assert chain.disclosed(child, school).status_code == 404, "nothing is disclosed to who was pointed at"
    offered = chain.send(chain.fill(child))
    no = {"reason": "no_capacity", "sentence": SENTENCE}
    chain.command(offered, "decline", school.recipient.login, **no)

    again = chain.send(chain.try_to_draft(need, club).json())
    active = chain.take_on(again, club)
    assert chain.home_gets(f"/needs/{need['id']}")["accountable_organisation_id"] == club.organisation_id
    done = {"outcome": "met", "sentence": SENTENCE}
    chain.command(active, "complete", club.recipient.login, **done)
    answered = chain.home_gets(f"/needs/{need['id']}")
    met = {"as": "met", "sentence": SENTENCE}
    chain.home_posts(f"/needs/{need['id']}/close", met, version=answered["version"])
    assert chain.step_now(chain.second)["ready"] is True

    working = chain.take_on(chain.send(chain.try_to_draft(later, school).json()), school)
    assert chain.disclosed(working, school).status_code == 200
    consent_id = working["consent_ids"][0]
    chain.home_posts(f"/consents/{consent_id}/withdrawal", {})
    assert chain.disclosed(working, school).json()["type"] == "/problems/consent-ended"
    lost = chain.home_gets(f"/referrals/{working['id']}")
    back = chain.home_gets(f"/needs/{later['id']}")
    assert (lost["state"], back["state"]) == ("consent_lost", "open")
    assert back["accountable_organisation_id"] == home.organisation_id
    held = chain.home_gets(f"/consents/{consent_id}/holders")["items"]
    assert [(one["owes_receipt"], one["answer"]) for one in held] == [(True, None)]
