"""Those who are there for parents and small children."""

from __future__ import annotations

from shared.events.organisations import OrganisationKind

from .shapes import (
    ASSOCIATION,
    CHILDREN,
    FAMILY_NAME,
    INTERPRETER,
    NAME,
    NORTH,
    PHONE,
    REGION,
    Joined,
    hours,
    offered,
)

HOUSES = {
    "kastanjen": Joined(
        name="Familjecentralen Kastanjen (demo)",
        kind=OrganisationKind.REGION,
        team="Föräldrateamet",
        profile=REGION,
        administrator="Ulrika N.",
    ),
    "lyktan": Joined(
        name="Föräldraföreningen Lyktan (demo)",
        kind=OrganisationKind.ASSOCIATION,
        team="Föräldrastödet",
        profile=ASSOCIATION,
        administrator="Jasmin D.",
    ),
}

OFFERINGS = (
    offered(
        "kastanjen",
        "Öppna förskolan",
        "Lek, sång och kaffe för den som är hemma med små barn.",
        kind="open_door",
        needs=("parenting", "loneliness"),
        themes=("parents", "neighbourhood"),
        areas=("B023",),
        age_from=None,
        languages=("sv", "ar"),
        access=["step_free", "children_along"],
        door={"address": "Kastanjegränden 3", "hours": hours(1, 2, 4, opens="09:30", closes="12:00")},
    ),
    offered(
        "kastanjen",
        "Föräldrakurs i grupp",
        "Åtta träffar om gränser, bråk och närhet.",
        needs=("parenting",),
        themes=("parents",),
        places=(5, 14),
        languages=("sv", "so"),
        requires=(NAME, PHONE, CHILDREN),
        access=["children_along", "evening"],
        protective_factors=["loving_rules", "parents_take_part"],
    ),
    offered(
        "kastanjen",
        "Hembesök för nyblivna föräldrar",
        "Sex hembesök under barnets första år.",
        needs=("parenting", "health"),
        themes=("parents",),
        areas=("B022", "B041"),
        languages=("sv", "ar", "so"),
        places=(3, 15),
        access=["home_visit", "interpreter"],
        requires=(NAME, FAMILY_NAME, PHONE, INTERPRETER),
        leads_to=("Öppna förskolan", "Föräldrakurs i grupp"),
    ),
    offered(
        "lyktan",
        "Föräldrar emellan",
        "En annan förälder som har varit där du är.",
        needs=("parenting", "loneliness"),
        themes=("parents",),
        languages=("sv", "ar", "so"),
        places=(8, 20),
        leads_to=("Föräldrakurs i grupp",),
        protective_factors=["parents_take_part", "network"],
    ),
    offered(
        "lyktan",
        "Avlastning en helg i månaden",
        "Barnen får åka på äventyr och du får sova.",
        needs=("parenting",),
        themes=("parents", "school"),
        places=(0, 6),
        status="existing",
        eligibility=[{"rule": "area", "areas": [*NORTH]}],
        answer_promise_days=20,
    ),
    offered(
        "lyktan",
        "Pappagruppen",
        "Pappor lagar mat med sina barn en söndag i månaden.",
        kind="open",
        needs=("parenting", "leisure"),
        themes=("parents",),
        areas=NORTH,
        places=(6, 12),
        access=["children_along"],
        protective_factors=["parents_take_part"],
    ),
)
