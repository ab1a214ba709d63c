"""Who an offering is for: rules, one judge of them, and what it says in plain words.

What searches, explains and ranks asks here, so that an explanation is the rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.events.base import Area, LanguageCode, NeedCode
from shared.events.organisations import (
    Access,
    EligibilityRule,
    OfferingKind,
    OfferingStatus,
    Reason,
    RuleKind,
)

from . import sentences
from .languages import LANGUAGES

if TYPE_CHECKING:
    from .offering import Offering

Rules = tuple[EligibilityRule, ...]

CLOSED = frozenset({OfferingStatus.PAUSED, OfferingStatus.ENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of whom an offering is sought for; ``None`` and empty: not said."""

    need: NeedCode | None = None
    age: int | None = None
    area: Area | None = None
    language: LanguageCode | None = None
    access: frozenset[Access] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One reason: whether it speaks for the offering; ``None`` when nobody said what it asks about."""

    rule: Reason
    ok: bool | None
    said: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether an offering fits, and every reason; it fits unless a reason speaks against it."""

    why: tuple[Why, ...]

    @property
    def fits(self) -> bool:
        return all(one.ok is not False for one in self.why)

    @property
    def unknown(self) -> int:
        """How many reasons wait for an answer."""
        return sum(one.ok is None for one in self.why)

    def against(self) -> tuple[Reason, ...]:
        return tuple(dict.fromkeys(one.rule for one in self.why if one.ok is False))


def rules_of(offering: Offering) -> Rules:
    """All the rules of an offering: those its own fields make, and those it has besides."""
    return (*_of_fields(offering), *offering.eligibility)


def _of_fields(offering: Offering) -> Iterator[EligibilityRule]:
    if offering.needs:
        yield EligibilityRule(rule=RuleKind.NEED, needs=offering.needs)
    if offering.age_from is not None or offering.age_to is not None:
        yield EligibilityRule(rule=RuleKind.AGE, age_from=offering.age_from, age_to=offering.age_to)
    if offering.areas:
        yield EligibilityRule(rule=RuleKind.AREA, areas=offering.areas)
    if offering.languages:
        yield EligibilityRule(rule=RuleKind.LANGUAGE, languages=offering.languages)
    yield EligibilityRule(rule=RuleKind.ACCESS, access=offering.access)


def judge(offering: Offering, facts: Facts, *, taking_part: bool = True) -> Judgement:
    """Whether an offering is for somebody of whom this is known, and why; its organisation may rest."""
    return Judgement(
        (*_of_offering(offering, taking_part=taking_part), *_of_rules(rules_of(offering), facts))
    )


def _of_offering(offering: Offering, *, taking_part: bool) -> Iterator[Why]:
    if taking_part and offering.is_only_listed and offering.status not in CLOSED:
        yield Why(rule=Reason.OPEN, ok=None, said=sentences.ONLY_LISTED)
    elif taking_part:
        said = sentences.of_status(offering.status, offering.paused_until)
        yield Why(rule=Reason.OPEN, ok=offering.status not in CLOSED, said=said)
    else:
        yield Why(rule=Reason.OPEN, ok=False, said=sentences.TAKES_NO_PART)
    if offering.kind is OfferingKind.ASSESSED:
        yield Why(rule=Reason.DECISION, ok=None, said=sentences.NEEDS_A_DECISION)


def _of_rules(rules: Iterable[EligibilityRule], facts: Facts) -> Iterator[Why]:
    for rule in rules:
        if rule.rule is RuleKind.ACCESS and not facts.access:
            continue
        if not rule.for_needs or facts.need in rule.for_needs:
            ok = holds(rule, facts)
            yield Why(rule=Reason(rule.rule), ok=ok, said=sentences.of_rule(rule, facts, ok=ok))


def holds(rule: EligibilityRule, facts: Facts) -> bool | None:
    """Whether a rule that applies is met; ``None`` when what it asks about was not said."""
    match rule.rule:
        case RuleKind.NEED:
            return _among(facts.need, rule.needs)
        case RuleKind.AGE:
            return None if facts.age is None else _within(facts.age, rule)
        case RuleKind.AREA:
            return _among(facts.area, rule.areas)
        case RuleKind.LANGUAGE:
            return _among(facts.language, rule.languages)
        case RuleKind.ACCESS:
            return facts.access <= set(rule.access) if facts.access else None


def _among(fact: str | None, allowed: Collection[str]) -> bool | None:
    return None if fact is None else fact in allowed


def _within(age: int, rule: EligibilityRule) -> bool:
    return (rule.age_from is None or rule.age_from <= age) and (rule.age_to is None or age <= rule.age_to)


_SAYS = {
    RuleKind.NEED: {"needs"},
    RuleKind.AGE: {"age_from", "age_to"},
    RuleKind.AREA: {"areas"},
    RuleKind.LANGUAGE: {"languages"},
    RuleKind.ACCESS: {"access"},
}
"""What a rule of each kind says."""


def contradictions(rules: Sequence[EligibilityRule]) -> Iterator[tuple[str, str]]:
    """What is wrong with an offering's own rules."""
    for place, rule in enumerate(rules):
        here = f"eligibility.{place}"
        said = {name for name, value in rule if name not in {"rule", "for_needs"} and value not in {None, ()}}
        if not said:
            yield here, "It says nothing."
        yield from (
            (f"{here}.{name}", f"A rule on {rule.rule} does not ask for it.")
            for name in sorted(said - _SAYS[rule.rule])
        )
        if rule.age_from is not None and rule.age_to is not None and rule.age_from > rule.age_to:
            yield f"{here}.age_to", "The highest age is below the lowest."
        yield from unknown_languages(rule.languages, f"{here}.languages")


def unknown_languages(codes: Iterable[str], where: str) -> Iterator[tuple[str, str]]:
    for place, code in enumerate(codes):
        if code not in LANGUAGES:
            yield f"{where}.{place}", "It is no language code that we know (ISO 639)."
