"""A new hand-over in plain steps: the question, the person, her need, the receiver, the items."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID, uuid5

from fastapi import APIRouter
from starlette.responses import Response

from .. import words
from ..answers import Need, Person
from ..directory_answers import by_fit
from ..forms import Form, NeedForm, PersonForm, ProtectedForm, ReceiverForm
from ..looks import HERE
from ..typed import Typed, item_sentences, items_of
from ..visit import SignedIn, Visit, see
from ..wire import Problem

router = APIRouter(prefix="/overlamningar/ny")


@router.get("")
async def ask_first(visit: SignedIn) -> Response:
    """Whether she lives under protected identity, asked before any name (R-48)."""
    return await visit.page("new/protected.html", typed=Typed())


@router.post("")
async def answer_first(visit: SignedIn) -> Response:
    """Anything but no ends here: nothing is stored, and the manual routine is shown."""
    typed = await visit.typed()
    try:
        answer = typed.read(ProtectedForm).protected_identity
    except Problem as problem:
        refused = typed.refused(problem, ProtectedForm.sentences)
        return await visit.page("new/protected.html", status=problem.status, typed=refused)
    return see("/overlamningar/ny/person" if answer == "no" else "/overlamningar/ny/rutin")


@router.get("/rutin")
async def manual_routine(visit: SignedIn) -> Response:
    """What to do instead."""
    return await visit.page("new/routine.html")


@router.get("/person")
async def ask_person(visit: SignedIn) -> Response:
    """Who it is."""
    return await visit.page("new/person.html", typed=Typed())


@router.post("/person")
async def write_down_person(visit: SignedIn) -> Response:
    """Write the person down in the own organisation."""
    typed = await visit.typed()
    try:
        form = typed.read(PersonForm)
        person = await visit.referrals.write_down_person(form.body(), key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, PersonForm.sentences)
        return await visit.page("new/person.html", status=problem.status, typed=refused)
    return see(f"/overlamningar/ny/{person.id}/behov")


@router.get("/{person_id}/behov")
async def ask_need(person_id: UUID, visit: SignedIn) -> Response:
    """What she wants, and what must be solved."""
    return await _need_page(visit, person_id, Typed())


@router.post("/{person_id}/behov")
async def state_need(person_id: UUID, visit: SignedIn) -> Response:
    """Open the path with its goal, and write the need down on it."""
    typed = await visit.typed()
    path_id = typed.get("path_id")
    try:
        form = typed.read(NeedForm)
        path_id = str(form.path_id or await _opened_path(visit, person_id, form))
        body = form.model_dump(mode="json", include={"code", "theme", "area", "urgency"})
        need = await visit.referrals.state_need(body | {"path_id": path_id}, key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, NeedForm.sentences)
        return await _need_page(visit, person_id, refused, path_id=path_id, status=problem.status)
    return see(f"/overlamningar/ny/behov/{need.id}/mottagare")


@router.get("/behov/{need_id}/mottagare")
async def ask_receiver(need_id: UUID, visit: SignedIn) -> Response:
    """The offerings that answer the need."""
    return await _receiver_page(visit, need_id, Typed())


@router.post("/behov/{need_id}/mottagare")
async def choose_receiver(need_id: UUID, visit: SignedIn) -> Response:
    """Nothing is stored yet: the choice goes along to the next step."""
    typed = await visit.typed()
    try:
        form = typed.read(ReceiverForm)
    except Problem as problem:
        refused = typed.refused(problem, ReceiverForm.sentences)
        return await _receiver_page(visit, need_id, refused, status=problem.status)
    return see(f"/overlamningar/ny/behov/{need_id}/uppgifter/{form.offering_id}")


@router.get("/behov/{need_id}/uppgifter/{offering_id}")
async def ask_items(need_id: UUID, offering_id: UUID, visit: SignedIn) -> Response:
    """What the receiver needs to know, and why."""
    return await _items_page(visit, need_id, offering_id, Typed())


@router.post("/behov/{need_id}/uppgifter/{offering_id}")
async def draft(need_id: UUID, offering_id: UUID, visit: SignedIn) -> Response:
    """Begin the referral; nothing leaves before consent and "Skicka"."""
    typed = await visit.typed()
    offering = await visit.organisations.offering(offering_id)
    try:
        body = {
            "need_id": str(need_id),
            "offering_id": str(offering_id),
            "team_id": str(offering.team_id),
            "items": items_of(typed, offering.required_fields),
        }
        referral = await visit.referrals.draft(body, key=typed.read(Form).key)
    except Problem as problem:
        refused = typed.refused(problem, item_sentences(offering.required_fields))
        return await _items_page(visit, need_id, offering_id, refused, status=problem.status)
    return see(f"/overlamningar/{referral.id}/samtycke")


async def _opened_path(visit: Visit, person_id: UUID, form: NeedForm) -> UUID:
    opened = await visit.referrals.open_path(person_id, form.goal, key=uuid5(form.key, "path"))
    return opened.id


async def _need_page(
    visit: Visit, person_id: UUID, typed: Typed, *, path_id: str = "", status: int = 200
) -> Response:
    person = await visit.referrals.person(person_id)
    shown = {"person": person, "typed": typed, "path_id": path_id}
    return await visit.page("new/need.html", status=status, **shown)


async def _receiver_page(visit: Visit, need_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    need = await visit.referrals.need(need_id)
    path = await visit.referrals.path(need.path_id)
    person = await visit.referrals.person(path.person_id)
    found, names = await asyncio.gather(visit.finding.search(_sought(person, need)), visit.names())
    fitting, others = by_fit(one for one in found.items if one.kind != "open_door")
    chosen = any(typed.has("offering_id", str(one.id)) for one in others)
    shown = {"need": need, "fitting": fitting, "others": others, "others_chosen": chosen, "names": names}
    return await visit.page("new/receiver.html", status=status, typed=typed, **shown)


def _sought(person: Person, need: Need) -> dict[str, str]:
    """The search for what answers the need, for somebody like this; the service never learns for whom."""
    age = datetime.now(HERE).year - person.birth_year
    about = {"age": str(age)} if age >= 0 else {}
    spoken = {"language": person.language} if person.language in words.LANGUAGES else {}
    return {"limit": "200", "need": need.code, "area": need.area, **about, **spoken}


async def _items_page(
    visit: Visit, need_id: UUID, offering_id: UUID, typed: Typed, *, status: int = 200
) -> Response:
    need = await visit.referrals.need(need_id)
    path, offering, names = await asyncio.gather(
        visit.referrals.path(need.path_id), visit.organisations.offering(offering_id), visit.names()
    )
    person = await visit.referrals.person(path.person_id)
    shown = {"offering": offering, "names": names, "typed": typed, "known": _known(person, need)}
    return await visit.page("new/items.html", status=status, **shown)


def _known(person: Person, need: Need) -> dict[str, str]:
    """What is already written down, as a proposal in the fields."""
    contacts = {one.kind: one.value for one in person.contacts}
    return contacts | {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_year": str(person.birth_year),
        "language": words.LANGUAGES.get(person.language, person.language),
        "need": words.NEEDS[need.code],
    }
