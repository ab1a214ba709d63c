"""Every sealed column of the record: where its values stand, and what of them opens with today's keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag

from shared.crypto import Owner, Wrapped, place, unseal
from shared.vault import Vault
from tests.integration.referrals.world import World

SEALED = {
    "persons.sealed": "select x.sealed, org_id as org, id as subject, array[id::text] as row from persons x",
    "paths.goal": "select goal as sealed, org_id as org, id as subject, array[id::text] as row from paths",
    "ratings.sealed": """
        select sealed, org_id as org, person_id as subject, array[id::text] as row from ratings
    """,
    "need_words.sealed": """
        select w.sealed, w.org_id as org, n.path_id as subject, array[n.id::text, w.version::text] as row
        from need_words w join needs n on n.id = w.need_id
    """,
    "referral_items.sealed": """
        select i.sealed, i.org_id as org, r.path_id as subject, array[r.id::text] as row
        from referral_items i join referrals r on r.id = i.referral_id
    """,
    "offers.sealed": """
        select sealed, from_organisation_id as org, path_id as subject, array[id::text] as row from offers
    """,
    "referral_words.sealed": """
        select w.sealed, w.from_organisation_id as org, r.path_id as subject,
            array[r.id::text, w.version::text] as row
        from referral_words w join referrals r on r.id = w.referral_id
    """,
    "referral_answers.sealed": """
        select a.sealed, a.from_organisation_id as org, r.path_id as subject, array[r.id::text] as row, a.at
        from referral_answers a join referrals r on r.id = a.referral_id
    """,
    "outcome_words.sealed": """
        select w.sealed, w.from_organisation_id as org, r.path_id as subject, array[o.id::text] as row
        from outcome_words w join referral_outcomes o on o.id = w.outcome_id
        join referrals r on r.id = o.referral_id
    """,
    "consents.sealed": """
        select sealed, from_organisation_id as org, path_id as subject, array[id::text] as row from consents
    """,
    "disclosure_items.sealed": """
        select i.sealed, d.to_organisation_id as org, r.path_id as subject,
            array[d.id::text, coalesce(d.made_under, d.consent_id)::text, coalesce(i.field, '')] as row
        from disclosure_items i join disclosures d on d.id = i.disclosure_id
        join referrals r on r.id = d.referral_id
    """,
    "disclosure_receipts.sealed": """
        select t.sealed, t.from_organisation_id as org, r.path_id as subject, array[t.id::text] as row
        from disclosure_receipts t join disclosures d on d.id = t.disclosure_id
        join referrals r on r.id = d.referral_id where t.sealed is not null
    """,
}
"""A query for each: the value, whose key it is under, and the row's name."""


@dataclass(frozen=True, slots=True)
class Value:
    """A sealed value where it stands."""

    column: str
    owner: Owner
    sealed: bytes
    bound_to: str

    def opened(self, key: bytes | None) -> bytes | None:
        """What it says, if it says anything to this key."""
        try:
            return unseal(key, self.sealed, bound_to=self.bound_to) if key else None
        except (InvalidTag, ValueError):
            return None


async def values(world: World) -> list[Value]:
    """Every sealed value of the record, blanked ones too."""
    found = []
    for column, query in SEALED.items():
        for row in await world.rows(query):
            name = row["row"] + ([_text(row["at"])] if "at" in row else [])
            owner = Owner(row["subject"], row["org"])
            found.append(Value(column, owner, row["sealed"], place(column, row["org"], *name)))
    return found


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


async def todays_keys(world: World) -> dict[Owner, bytes]:
    """Every key that the vault still has."""
    vault = Vault.of(world.network.settings("referrals"))
    async with vault.opened(), vault.database.glance() as sql:
        rows = await (await sql.execute("select * from keys")).fetchall()
    owners = {Owner(row["subject_id"], row["org_id"]): row for row in rows}
    return {
        owner: vault.keyring.unwrap(Wrapped(row["version"], row["wrapped"]), owner)
        for owner, row in owners.items()
    }


async def readable(world: World) -> dict[str, str]:
    """All that opens with today's keys, by column."""
    keys = await todays_keys(world)
    opened = [(one.column, one.opened(keys.get(one.owner))) for one in await values(world)]
    return {
        column: "\n".join(text.decode() for at, text in opened if at == column and text) for column in SEALED
    }
