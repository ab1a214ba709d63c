"""What the pages ask of the services: every call, put as a page puts it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from services.web.clients import Notifications, Organisations, Referrals, Tracing
from services.web.directory import Finding, Network, Own

ID = UUID("01890000-0000-7000-8000-000000000001")
PERSON = {
    "given_name": "Amina",
    "family_name": "Påhittad",
    "birth_year": 1990,
    "language": "ar",
    "contacts": [{"kind": "phone", "value": "070-174 06 05"}],
    "protected_identity": "no",
}
NEED = {"path_id": str(ID), "code": "language", "theme": "individual", "area": "B041", "urgency": "normal"}
DRAFT = {
    "need_id": str(ID),
    "offering_id": str(ID),
    "team_id": str(ID),
    "items": [{"field": "phone", "class": "contact", "value": "070", "why": "för att ringa"}],
}
CONSENT = {
    "kind": "secrecy_release",
    "referral_id": str(ID),
    "answer": "yes",
    "purpose": "insatsen",
    "fields": ["phone"],
    "conditions": ["Mottagaren får inte lämna uppgifterna vidare."],
    "valid_until": "2027-01-01",
    "language": "sv",
    "text_version": 1,
    "text_sha256": "0" * 64,
    "given_how": "spoken",
    "given_by": [{"who": "person"}],
    "interpreter": False,
}
COMMANDS: dict[str, dict[str, Any]] = {
    "send": {"undo_s": 10},
    "undo": {},
    "discard": {},
    "recall": {"reason": "duplicate"},
    "open": {"conditions_accepted": True, "pledge_version": 1},
    "accept": {"staff_id": str(ID), "first_contact_by": "2026-12-01"},
    "decline": {"reason": "other", "sentence": "Vi kan inte.", "text": "ombyggnad"},
}
CAME_BACK = {"id": "an id", "provider": "staden", "state": "a state", "code": "a code", "iss": None}

OFFERING = {
    "organisation_id": str(ID),
    "team_id": str(ID),
    "name": "Språkcaféet",
    "kind": "unassessed",
    "needs": ["language"],
}
COLLEAGUE = {
    "organisation_id": str(ID),
    "name": "Amina H.",
    "roles": ["recipient"],
    "roles_until": [{"role": "recipient", "valid_until": "2027-01-01"}],
}
SUBSTITUTION = {"staff_id": str(ID), "substitute_id": str(ID), "valid_until": "2027-01-01"}
INVITATION = {"name": "En förening", "kind": "association", "sector": "civil_society"}
JOINING = {"secret": "a secret", "team_name": "Mottagningen", "admin_name": "Amina H.", "login": "amina"}
AGREEMENT = {"kind": "cooperation", "parties": [str(ID), str(ID)], "name": "Samverkan"}

Put = Callable[[Any], Awaitable[object]]

QUESTIONS: dict[type, dict[str, list[Put]]] = {
    Organisations: {
        "sign_in": [lambda to: to.sign_in("caseworker-a")],
        "providers": [lambda to: to.providers()],
        "begin_sign_in": [
            lambda to: to.begin_sign_in("staden", step_up=False),
            lambda to: to.begin_sign_in("staden", step_up=False, code="7KQ2-M4XD-9FTH"),
        ],
        "sign_in_by_card": [lambda to: to.sign_in_by_card("7KQ2-M4XD-9FTH", attempt=ID)],
        "complete_sign_in": [lambda to: to.complete_sign_in(CAME_BACK)],
        "way_out": [lambda to: to.way_out("session")],
        "sign_out": [lambda to: to.sign_out("session")],
        "token": [lambda to: to.token("session", "referrals")],
        "organisations": [lambda to: to.organisations()],
        "organisation": [lambda to: to.organisation(ID)],
        "offering": [lambda to: to.offering(ID)],
        "staff": [lambda to: to.staff()],
    },
    Referrals: {
        "write_down_person": [lambda to: to.write_down_person(PERSON, key=ID)],
        "person": [lambda to: to.person(ID)],
        "open_path": [lambda to: to.open_path(ID, "Prata svenska", key=ID)],
        "path": [lambda to: to.path(ID)],
        "state_need": [lambda to: to.state_need(NEED, key=ID)],
        "need": [lambda to: to.need(ID)],
        "draft": [lambda to: to.draft(DRAFT, key=ID)],
        "box": [lambda to: to.box("out"), lambda to: to.box("in")],
        "referral": [lambda to: to.referral(ID)],
        "card": [lambda to: to.card(ID)],
        "preview": [lambda to: to.preview(ID)],
        "disclosure": [lambda to: to.disclosure(ID)],
        "timeline": [lambda to: to.timeline(ID)],
        "answer": [lambda to: to.answer(ID)],
        "command": [
            lambda to, name=name, body=body: to.command(name, ID, body, version=1, key=ID)  # type: ignore[misc]
            for name, body in COMMANDS.items()
        ],
        "consent_text": [lambda to: to.consent_text(ID, "sv")],
        "record_consent": [lambda to: to.record_consent(CONSENT, key=ID)],
        "consent": [lambda to: to.consent(ID)],
        "consents": [lambda to: to.consents(ID)],
        "withdraw": [lambda to: to.withdraw(ID, key=ID)],
        "my_consents": [lambda to: to.my_consents()],
        "status": [lambda to: to.status()],
        "admissions": [lambda to: to.admissions(ID)],
        "let_in": [lambda to: to.let_in(ID, "e_id", key=ID)],
        "take_admission_back": [lambda to: to.take_admission_back(ID, ID, key=ID)],
        "my_admissions": [lambda to: to.my_admissions()],
        "take_own_admission_back": [lambda to: to.take_own_admission_back(ID, key=ID)],
    },
    Notifications: {
        "notices": [lambda to: to.notices()],
        "count": [lambda to: to.count()],
        "mark_read": [lambda to: to.mark_read(ID, key=ID)],
    },
    Finding: {
        "search": [lambda to: to.search({"need": "language", "access": ["step_free", "evening"]})],
        "ranking": [lambda to: to.ranking()],
        "offering": [lambda to: to.offering(ID)],
        "open_to_all": [lambda to: to.open_to_all({"text": "kaffe"})],
        "matrix": [lambda to: to.matrix({"need": "language"})],
        "report": [lambda to: to.report(ID, "has_ended", key=ID)],
    },
    Own: {
        "organisation": [lambda to: to.organisation(ID)],
        "change_organisation": [lambda to: to.change_organisation(ID, {"most_at_once": 9}, version=1)],
        "checklist": [lambda to: to.checklist(ID)],
        "offerings": [lambda to: to.offerings()],
        "publish": [lambda to: to.publish(OFFERING, key=ID)],
        "change_offering": [lambda to: to.change_offering(ID, {"waiting": 2}, version=1)],
        "confirm_offering": [lambda to: to.confirm_offering(ID, version=1, key=ID)],
        "error_reports": [lambda to: to.error_reports()],
        "settle": [lambda to: to.settle(ID, version=1, key=ID)],
        "teams": [lambda to: to.teams(ID)],
        "open_team": [lambda to: to.open_team(ID, "Mottagningen", key=ID)],
        "change_team": [lambda to: to.change_team(ID, {"fallback_team_id": None}, version=1)],
        "staff": [lambda to: to.staff()],
        "colleague": [lambda to: to.colleague(ID)],
        "appoint": [lambda to: to.appoint(COLLEAGUE, key=ID)],
        "change_colleague": [lambda to: to.change_colleague(ID, {"active": False}, version=1)],
        "pledges": [lambda to: to.pledges()],
        "sign_pledge": [lambda to: to.sign_pledge(1, key=ID)],
        "substitutions": [lambda to: to.substitutions()],
        "begin_substitution": [lambda to: to.begin_substitution(SUBSTITUTION, key=ID)],
        "end_substitution": [lambda to: to.end_substitution(ID, version=1)],
    },
    Network: {
        "invite": [lambda to: to.invite(INVITATION, key=ID)],
        "invitations": [lambda to: to.invitations()],
        "join": [lambda to: to.join(JOINING)],
        "agreements": [lambda to: to.agreements()],
        "conclude": [lambda to: to.conclude(AGREEMENT, key=ID)],
        "end_agreement": [lambda to: to.end_agreement(ID, version=1)],
    },
    Tracing: {
        "paths": [lambda to: to.paths()],
        "trace": [lambda to: to.trace(ID)],
    },
}
