"""Signing in at an identity provider: going there, and coming back."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from shared.actor import ActorKind, service_actor
from shared.crypto import Keyring, seal, unseal
from shared.database import Transaction
from shared.errors import NotFound

from ..domain.attempt import Attempt, LoginUnknown, Proof
from ..domain.sign_in import Holder, NotSignedIn, Session, digest_of
from ..oidc import Said
from ..providers import Provider
from ..store import e_ids, sign_in, sign_ins
from .sign_in import begin_vouched, new_session_id

_HINT = "sessions.hint"
_CODE = "sign_ins.sealed_code"
_NETWORK = service_actor("organisations").id
"""An e-ID is looked up before anybody's organisation is known: its index is no organisation's."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a provider said of whom, and the keys by which its subject is looked up."""

    provider: Provider
    said: Said
    keyring: Keyring

    @property
    def digests(self) -> list[bytes]:
        """HMAC-SHA256 of issuer and subject under each sealing key that lives, the newest first."""
        if not isinstance(self.said.value, str) or not self.said.value:
            raise LoginUnknown
        text, versions = f"{self.provider.issuer}\0{self.said.value}", sorted(self.keyring.sealing_keys)
        return [
            self.keyring.blind(text, kind="e-id", organisation_id=_NETWORK, version=one)
            for one in reversed(versions)
        ]


async def begin(tx: Transaction, provider: Provider, *, step_up: bool, code: str | None = None) -> Proof:
    """Remember that somebody goes to a provider, perhaps with a code; what comes back must be hers."""
    if (step_up and not provider.step_up) or (code and ActorKind.PERSON not in provider.holders):
        raise NotFound
    at = await tx.now()
    proof = Proof(secrets.token_urlsafe(32))
    sealed = seal(_key_of(proof.id), code.encode(), bound_to=_CODE) if code else None
    await sign_ins.forget_old(tx.sql, at)
    begun = Attempt.begin(proof.id, provider=provider.name, step_up=step_up, at=at, sealed_code=sealed)
    await sign_ins.add(tx.sql, begun)
    return proof


def code_of(attempt: Attempt, id: str) -> str | None:
    """The code that somebody brought along."""
    sealed = attempt.sealed_code
    return unseal(_key_of(id), sealed, bound_to=_CODE).decode() if sealed else None


async def take(tx: Transaction, id: str) -> Attempt:
    """The attempt that an id stands for, once; raises ``SignInFailed``."""
    attempt = await sign_ins.take(tx.sql, digest_of(id))
    attempt.must_live(at=await tx.now())
    return attempt


async def complete(tx: Transaction, vouched: Vouched, tied: Holder | None = None) -> tuple[str, Session]:
    """Sign in whom the provider vouches for; raises ``LoginUnknown``, and makes nobody.

    With ``tied``, whom a code has just let in, the e-ID is hers from now on.
    """
    said, provider = vouched.said, vouched.provider
    holder = tied or await _vouched_for(tx, vouched)
    if not provider.may_vouch_for(holder.kind, holder.organisation_id):
        raise LoginUnknown
    if tied is not None:
        digest = vouched.digests[0]
        about = {"organisation_id": tied.organisation_id, "admission_id": tied.id}
        await e_ids.tie(tx.sql, digest, **about)
    id = new_session_id()
    hint = seal(_key_of(id), said.id_token.encode(), bound_to=_HINT)
    how = {"strength": said.strength, "provider": provider.name, "hint": hint}
    return id, await begin_vouched(tx, id, holder, **how)


async def _vouched_for(tx: Transaction, vouched: Vouched) -> Holder:
    login = vouched.provider.login_of(vouched.said.value)
    try:
        return await sign_in.holder_of(tx.sql, login or "")
    except NotSignedIn:
        known = await e_ids.newest(tx.sql, vouched.digests)
    if known is None:
        raise LoginUnknown
    about = {"id": known["admission_id"], "organisation_id": known["organisation_id"]}
    return Holder(kind=ActorKind.PERSON, by_admission=True, **about)


async def begin_by_card(tx: Transaction, card: Holder) -> tuple[str, Session]:
    """Sign in whoever holds a printed card that has just been used."""
    id = new_session_id()
    return id, await begin_vouched(tx, id, card)


async def forget(tx: Transaction, admission_id: UUID) -> None:
    """Forget the e-ID and the sessions of an admission that lets nobody in any more."""
    await e_ids.untie(tx.sql, admission_id)
    await sign_in.end_those_of(tx.sql, admission_id)


def hint_of(session: Session, id: str) -> str | None:
    """The identity token by which the provider knows its own session."""
    return unseal(_key_of(id), session.hint, bound_to=_HINT).decode() if session.hint else None


def _key_of(id: str) -> bytes:
    """A key that only whoever holds the session's id can make."""
    return hmac.digest(id.encode(), _HINT.encode(), "sha256")
