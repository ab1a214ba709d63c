"""Whom an offering was for when a referral to it was sent."""

from __future__ import annotations

from dataclasses import dataclass

from shared.events.organisations import EligibilityRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """The rules and their version; ``frozen`` once the referral has been sent: nothing alters them then."""

    version: int
    rules: tuple[EligibilityRule, ...]
    frozen: bool
