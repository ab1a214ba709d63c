"""What may travel to each kind of receiver at all: an upper bound that no consent lifts.

The same table stands in SQL (`receiver_profile`), so that the database refuses the row as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from shared.errors import Invalid
from shared.events.base import ItemField as F
from shared.events.organisations import OrganisationKind as Kind

_CONTACT = frozenset({F.PHONE, F.EMAIL, F.ADDRESS})
_EVERYTHING = frozenset(F)

PROFILES: Mapping[Kind, frozenset[F]] = {
    Kind.SOCIAL_SERVICES: _EVERYTHING,
    Kind.CITY: _EVERYTHING,
    Kind.REGION: _EVERYTHING,
    Kind.CARE: _EVERYTHING,
    Kind.ASSOCIATION: frozenset({F.GIVEN_NAME, F.LANGUAGE, F.INTERPRETER, F.NEED}) | _CONTACT,
    Kind.HOUSING_COMPANY: frozenset({F.GIVEN_NAME, F.FAMILY_NAME, F.MEASURE}) | _CONTACT,
    Kind.EMPLOYER: frozenset({F.GIVEN_NAME, F.FAMILY_NAME, F.PHONE, F.EMAIL, F.AVAILABILITY, F.ADJUSTMENTS}),
    Kind.SCHOOL: frozenset(
        {F.GIVEN_NAME, F.FAMILY_NAME, F.BIRTH_YEAR, F.LANGUAGE, F.INTERPRETER, F.NEED, F.CHILDREN}
    )
    | _CONTACT,
    # A university gets figures, never persons.
    Kind.UNIVERSITY: frozenset(),
}


def demand_profile(fields: Sequence[F], kind: Kind) -> None:
    """Raise `Invalid`, naming each item that such a receiver may never have."""
    errors: list[JsonValue] = [
        {"field": f"items.{nth}.field", "message": f"may not be given to a receiver of the kind {kind}"}
        for nth, field in enumerate(fields)
        if field not in PROFILES[kind]
    ]
    if errors:
        raise Invalid(errors=errors)
