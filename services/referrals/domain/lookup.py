"""What a person is looked up by: a number, an address or a name, written in one way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

from .person import ContactKind, Person


class LookUp(StrEnum):
    """By what a person is looked up."""

    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"


_HOME = re.compile(r"^(?:\+|00)46\(?0?\)?")


def canonical(kind: LookUp, text: str) -> str:
    """The one way of writing it: unicode twins, case, spaces and the country's own number are alike."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if kind is LookUp.PHONE:
        return re.sub(r"[^0-9+]", "", _HOME.sub("0", re.sub(r"[\s\-/.]", "", plain)))
    return plain


def terms_of(person: Person) -> Iterator[tuple[LookUp, str]]:
    """All that a person is found by."""
    yield LookUp.NAME, canonical(LookUp.NAME, f"{person.given_name} {person.family_name}")
    for contact in person.contacts:
        if contact.kind is not ContactKind.ADDRESS:
            kind = LookUp(contact.kind)
            yield kind, canonical(kind, contact.value)
