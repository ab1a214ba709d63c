"""What a card is made from: the need, its person, and who at her home is like her."""

from __future__ import annotations

from datetime import datetime

from psycopg.rows import DictRow

from shared.database import Connection
from shared.events.base import Area
from shared.vault import Keys

from ..domain.card import Card, age_band
from ..domain.needs import Need
from ..domain.offer_card import Neighbour
from ..domain.working_days import local_date
from . import paths, persons, rows

_NEIGHBOURS = """
select n.area, p.* from needs n join paths a on a.id = n.path_id join persons p on p.id = a.person_id
where n.org_id = %(org)s and n.code = %(code)s and n.created_at > %(at)s::timestamptz - interval '12 months'
"""


async def card_of(sql: Connection, need: Need, at: datetime, keys: Keys) -> Card:
    """The card of a need, by what is known of its person now."""
    person = await paths.person_with(sql, need.id, keys)
    return Card(
        need_code=need.code,
        area=need.area,
        age_band=age_band(person.birth_year, local_date(at)),
        language=person.language,
        urgency=need.urgency,
    )


async def neighbours(sql: Connection, need: Need, at: datetime, keys: Keys) -> list[Neighbour]:
    """Whom the home knows to have had the same need within twelve months, herself among them."""
    values = {"org": need.home_organisation_id, "code": need.code, "at": at}
    found = await keys.living(await rows.many(sql, _NEIGHBOURS, values), persons.owner_of)
    return [_as_neighbour(row, at, keys) for row in found]


def _as_neighbour(row: DictRow, at: datetime, keys: Keys) -> Neighbour:
    person = persons.as_person(row, keys)
    return Neighbour(
        person_id=person.id,
        area=Area(row["area"]),
        age_band=age_band(person.birth_year, local_date(at)),
        language=person.language,
    )
