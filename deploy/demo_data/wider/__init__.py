"""The rest of the demo's network, over all sectors: every organisation and person in it is invented.

What was published early has not been looked after since, and so its capacity is old.
"""

from __future__ import annotations

from shared.events.base import Role

from ..network import Member
from . import business, civil_society, families, public
from .shapes import Joined

HOUSES: dict[str, Joined] = {
    **public.HOUSES,
    **families.HOUSES,
    **civil_society.HOUSES,
    **business.HOUSES,
}
EARLY = (*public.EARLY, *civil_society.EARLY, *business.EARLY)
OFFERINGS = (*public.OFFERINGS, *families.OFFERINGS, *civil_society.OFFERINGS, *business.OFFERINGS)

AGREEMENTS = tuple(
    ("a", letter, f"Överenskommelse med {house.name}")
    for letter, house in HOUSES.items()
    if letter != "oresund"
)


MEMBERS = tuple(
    Member(
        login=f"orgadmin-{letter}",
        house=letter,
        name=house.administrator,
        roles=[Role.ORGANISATION_ADMIN, Role.RECIPIENT],
        signs_pledge=True,
    )
    for letter, house in HOUSES.items()
)
"""In each of these one person does it all, as in most small ones."""
