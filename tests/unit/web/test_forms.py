"""Forms: what was typed is kept, and what is wrong stands beside its field."""

from __future__ import annotations

from uuid import uuid4

import pytest
from starlette.datastructures import FormData

from services.web.answers import RequiredField
from services.web.forms import ConsentForm, DeclineForm, NeedForm, PersonForm
from services.web.typed import Typed, item_sentences, items_of
from services.web.wire import Problem

KEY = str(uuid4())
REQUIRED = [
    RequiredField.model_validate({"field": "given_name", "class": "normal", "why": "för att hälsa"}),
    RequiredField.model_validate({"field": "phone", "class": "contact", "why": "för att ringa"}),
]
PERSON = {
    "key": KEY,
    "given_name": " Amina ",
    "family_name": "Påhittad",
    "birth_year": "1990",
    "language": "ar",
    "phone": "070-174 06 05",
    "email": "",
}


def typed(*pairs: tuple[str, str], **values: str) -> Typed:
    return Typed.of(FormData([*values.items(), *pairs]))


def test_a_person_is_told_as_the_service_takes_her() -> None:
    assert typed(**PERSON).read(PersonForm).body() == {
        "given_name": "Amina",
        "family_name": "Påhittad",
        "birth_year": 1990,
        "language": "ar",
        "contacts": [{"kind": "phone", "value": "070-174 06 05"}],
        "protected_identity": "no",
    }


def test_every_wrong_field_is_named_and_what_was_typed_is_kept() -> None:
    form = typed(**PERSON | {"family_name": " ", "birth_year": "nittio"})

    with pytest.raises(Problem) as wrong:
        form.read(PersonForm)
    shown = form.refused(wrong.value, PersonForm.sentences)

    assert set(shown.errors) == {"family_name", "birth_year"}
    assert shown.get("birth_year") == "nittio"
    assert shown.get("given_name") == " Amina "


def test_a_blank_path_is_none() -> None:
    values = {"goal": "Prata", "code": "language", "theme": "individual", "area": "B041", "urgency": "normal"}

    assert typed(key=KEY, path_id="", **values).read(NeedForm).path_id is None


def test_a_yes_names_at_least_one_item() -> None:
    said = {"purpose": "x", "valid_until": "2027-01-01", "given_how": "spoken"}
    text = {"text_version": "1", "text_sha256": "0" * 64}

    yes = typed(key=KEY, answer="yes", **said, **text)
    no = typed(key=KEY, answer="no", **said, **text)
    ticked = typed(("fields", "phone"), ("fields", "given_name"), key=KEY, answer="yes", **said, **text)

    assert no.read(ConsentForm).checked().fields == []
    assert ticked.read(ConsentForm).checked().fields == ["phone", "given_name"]
    with pytest.raises(Problem):
        yes.read(ConsentForm).checked()


def test_another_reason_must_be_told() -> None:
    form = typed(key=KEY, version="2", reason="other", sentence="Vi kan inte.", text="")

    with pytest.raises(Problem) as wrong:
        form.read(DeclineForm).checked()

    assert set(form.refused(wrong.value, DeclineForm.sentences).errors) == {"text"}


def test_the_items_are_those_that_the_offering_asks_for_and_no_other() -> None:
    form = typed(item_given_name=" Amina ", item_phone="070", item_health="astma")

    assert items_of(form, REQUIRED) == [
        {"field": "given_name", "class": "normal", "value": "Amina", "why": "för att hälsa"},
        {"field": "phone", "class": "contact", "value": "070", "why": "för att ringa"},
    ]


def test_an_empty_item_is_named_beside_its_field() -> None:
    form = typed(item_given_name="Amina", item_phone=" ")

    with pytest.raises(Problem) as wrong:
        items_of(form, REQUIRED)

    assert form.refused(wrong.value, item_sentences(REQUIRED)).errors == {"item_phone": "Fyll i telefon."}


def test_a_services_refusal_of_items_stands_beside_them() -> None:
    refusal = Problem(status=409, slug="items-not-allowed", members={"fields": ["phone"]})

    shown = typed(item_phone="070").refused(refusal, item_sentences(REQUIRED))

    assert set(shown.errors) == {"item_phone"}
    assert shown.refusal is not None
    assert shown.refusal[0] == "Mottagaren får inte ta emot uppgiften"
