"""A story with every kind of entry in its ledger, and a superuser who tampers with it and is taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg import AsyncConnection
from psycopg.rows import DictRow

from services.referrals.main import SERVICE
from services.referrals.queries.ledger import BOOKS
from shared import chain_audit
from shared.actor import service_actor
from shared.chains import Binder
from shared.checkpoint import Kept
from shared.events.base import ItemClass, ItemField, Role
from shared.events.organisations import RequiredItem
from tests.integration.referrals.test_renewal import renewal_body
from tests.integration.referrals.world import World

CHAINS = BOOKS.chains


class Chronicle(World):
    """Consents given, refused, renewed, narrowed, ended; copies made, moved, locked and answered for."""

    referral: dict[str, Any]
    """An opened one, whose release was renewed and then narrowed."""

    async def happen(self) -> None:
        """The story, bound in two rounds."""
        withdrawn = await self.an_opened_referral()
        await self.a_consent(await self.a_draft(), answer="no")
        [consent] = withdrawn["consent_ids"]
        await self.post(f"/consents/{consent}/withdrawal", self.sender, {})
        [holder] = (await self.get(f"/consents/{consent}/holders", self.sender))["items"]
        address = f"/disclosures/{holder['disclosure_id']}/receipt"
        await self.post(address, self.association, {"answer": "kept_by_law", "ground": "bokföringslagen 7:2"})
        await self.get("/persons", self.sender)
        await self.bind()
        self.referral = await self.an_opened_referral()
        await self._renew_and_narrow(self.referral["consent_ids"][0])
        for _ in range(3):
            await self.get(f"/referrals/{self.referral['id']}/disclosure", self.association)
        await self.bind()

    async def _renew_and_narrow(self, consent_id: str) -> None:
        body = await renewal_body(self, self.referral)
        renewed = await self.post(f"/consents/{consent_id}/renewal", self.sender, body, version=1)
        name = RequiredItem(field=ItemField.GIVEN_NAME, item_class=ItemClass.NORMAL)
        await self.hear(self.offering(self.association, required_fields=(name,), version=2))
        fields = ["given_name", "language"]
        await self.post(f"/consents/{renewed['id']}/narrowing", self.sender, {"fields": fields})

    @property
    def key(self) -> Ed25519PublicKey:
        return SERVICE.teller(self.network.settings("referrals")).key.public_key()

    async def bind(self) -> None:
        """What the worker does every moment."""
        await Binder(SERVICE.teller(self.network.settings("referrals")), self.database).once()

    async def fetched(self) -> list[Kept]:
        """The heads that the receiver's administrator fetches and keeps."""
        token = self.token(self.association, Role.ORGANISATION_ADMIN)
        answer = await self.get("/ledger/head", token)
        return [Kept.from_note(head["checkpoint"]) for head in answer["heads"]]

    @asynccontextmanager
    async def tampered(self, damage: str = "select") -> AsyncIterator[AsyncConnection[DictRow]]:
        """A superuser's transaction, without any trigger, in which damage was done; rolled back."""
        async with await self.admin() as sql:
            await sql.execute("begin isolation level repeatable read")
            await sql.execute("set local session_replication_role = replica")
            await sql.execute(damage.encode())
            yield sql
            await sql.rollback()

    async def audited(self, sql: AsyncConnection[DictRow], kept: Sequence[Kept] = ()) -> list[str]:
        """What an audit finds in this very transaction, as the service's own login."""
        await sql.execute("set local session_replication_role = origin")
        await sql.execute("set local role referrals")
        walked = await chain_audit.walk(sql, BOOKS, service="referrals", key=self.key, kept=kept)
        return [str(finding) for one in walked for finding in one.first]

    async def found(self, damage: str) -> list[str]:
        """What an audit finds after a superuser's damage."""
        async with self.tampered(damage) as sql:
            return await self.audited(sql)

    async def sizes(self) -> dict[str, int]:
        """How many rows each chain has."""
        async with self.database.transaction(service_actor("referrals")) as tx:
            rows = await (await tx.sql.execute("select chain, number from chain_heads")).fetchall()
        return {row["chain"]: row["number"] for row in rows}

    async def first_signed(self, chain: str) -> int:
        """The number of the chain's first row with a signature."""
        query = f"select min(number) as n from chain_links where chain = '{chain}' and signature is not null"  # noqa: S608
        [row] = await self.sql(query)
        number: int = row["n"]
        return number
