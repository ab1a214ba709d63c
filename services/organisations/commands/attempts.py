"""Signing in at an identity provider: going there, and coming back."""

from __future__ import annotations

import hmac
import secrets

from shared.crypto import seal, unseal
from shared.database import Transaction
from shared.errors import NotFound

from ..domain.attempt import Attempt, LoginUnknown, Proof
from ..domain.sign_in import Holder, NotSignedIn, Session, digest_of
from ..oidc import Said
from ..providers import Provider
from ..store import sign_in, sign_ins
from .sign_in import begin_vouched, new_session_id

_HINT = "sessions.hint"


async def begin(tx: Transaction, provider: Provider, *, step_up: bool) -> Proof:
    """Remember that somebody goes to a provider; what comes back must prove to be hers."""
    if step_up and not provider.step_up:
        raise NotFound
    at = await tx.now()
    proof = Proof(secrets.token_urlsafe(32))
    await sign_ins.forget_old(tx.sql, at)
    await sign_ins.add(tx.sql, Attempt.begin(proof.id, provider=provider.name, step_up=step_up, at=at))
    return proof


async def take(tx: Transaction, id: str) -> Attempt:
    """The attempt that an id stands for, once; raises ``SignInFailed``."""
    attempt = await sign_ins.take(tx.sql, digest_of(id))
    attempt.must_live(at=await tx.now())
    return attempt


async def complete(tx: Transaction, attempt: Attempt, said: Said, provider: Provider) -> tuple[str, Session]:
    """Sign in whom the provider vouches for; raises ``LoginUnknown``, and makes nobody."""
    attempt.must_be_met(said.strength)
    holder = await _vouched_for(tx, said, provider)
    id = new_session_id()
    hint = seal(_key_of(id), said.id_token.encode(), bound_to=_HINT)
    vouched = {"strength": said.strength, "provider": provider.name, "hint": hint}
    return id, await begin_vouched(tx, id, holder, **vouched)


async def _vouched_for(tx: Transaction, said: Said, provider: Provider) -> Holder:
    login = provider.login_of(said.value)
    try:
        holder = await sign_in.holder_of(tx.sql, login or "")
    except NotSignedIn:
        raise LoginUnknown from None
    if not provider.may_vouch_for(holder.kind, holder.organisation_id):
        raise LoginUnknown
    return holder


def hint_of(session: Session, id: str) -> str | None:
    """The identity token by which the provider knows its own session."""
    return unseal(_key_of(id), session.hint, bound_to=_HINT).decode() if session.hint else None


def _key_of(id: str) -> bytes:
    """A key that only whoever holds the session's id can make."""
    return hmac.digest(id.encode(), _HINT.encode(), "sha256")
