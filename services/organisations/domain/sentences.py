"""Why an offering fits or not, in plain Swedish."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from shared.events.base import NeedCode
from shared.events.organisations import Access, EligibilityRule, OfferingStatus, RuleKind

from .languages import NAMES
from .places import AREAS

if TYPE_CHECKING:
    from .eligibility import Facts

NEEDS_A_DECISION = "Kräver ett beslut: den som tar emot prövar först om hen har rätt till insatsen."

TAKES_NO_PART = "Organisationen tar inte emot just nu."

ONLY_LISTED = (
    "Hämtad ur en annan katalog: tar inte emot överlämningar här förrän någon i nätverket tar över den. "
    "Det går att hänvisa dit."
)

NEEDS: Mapping[NeedCode, str] = {
    NeedCode.LANGUAGE: "språk",
    NeedCode.WORK: "arbete",
    NeedCode.STUDIES: "studier",
    NeedCode.HOUSING: "bostad",
    NeedCode.ECONOMY: "ekonomi",
    NeedCode.HEALTH: "hälsa",
    NeedCode.WELLBEING: "välmående",
    NeedCode.LONELINESS: "ensamhet",
    NeedCode.PARENTING: "föräldraskap",
    NeedCode.LEISURE: "fritid",
    NeedCode.DIGITAL: "digital hjälp",
    NeedCode.SAFETY: "trygghet",
}
ACCESS: Mapping[Access, str] = {
    Access.STEP_FREE: "stegfritt",
    Access.ACCESSIBLE_TOILET: "tillgänglig toalett",
    Access.HEARING_LOOP: "hörslinga",
    Access.SIGN_LANGUAGE: "teckenspråk",
    Access.EASY_READ: "lättläst",
    Access.QUIET_ROOM: "lugnt rum",
    Access.INTERPRETER: "tolk",
    Access.CHILDREN_ALONG: "barn får följa med",
    Access.HOME_VISIT: "hembesök",
    Access.REMOTE: "på distans",
    Access.EVENING: "kvällstid",
}
_AREAS = {area.code: area.name for area in AREAS}
_STATUS: Mapping[OfferingStatus, str] = {
    OfferingStatus.EXISTING: "Tar emot.",
    OfferingStatus.NEW: "Tar emot. Insatsen är ny.",
    OfferingStatus.PROTOTYPE: "Tar emot. Insatsen prövas ännu.",
    OfferingStatus.PAUSED: "Insatsen är pausad.",
    OfferingStatus.ENDED: "Insatsen har upphört.",
}
_NOT_SAID: Mapping[RuleKind, str] = {
    RuleKind.NEED: "Inget behov är angivet.",
    RuleKind.AGE: "Ingen ålder är angiven.",
    RuleKind.AREA: "Inget område är angivet.",
    RuleKind.LANGUAGE: "Inget språk är angivet.",
    RuleKind.ACCESS: "Inga behov av tillgänglighet är angivna.",
}


def of_status(status: OfferingStatus, paused_until: date | None) -> str:
    if status is OfferingStatus.PAUSED and paused_until is not None:
        return f"Insatsen är pausad till {paused_until.isoformat()}."
    return _STATUS[status]


def of_rule(rule: EligibilityRule, facts: Facts, *, ok: bool | None) -> str:
    """What the rule asks, and what of it is not so."""
    if ok is None:
        return f"{_NOT_SAID[rule.rule]} {_asks(rule)}"
    return _asks(rule) if ok else f"{_asks(rule)} {_but(rule, facts)}"


def _asks(rule: EligibilityRule) -> str:
    only = f"Vid behov av {_listed(NEEDS[one] for one in rule.for_needs)}: " if rule.for_needs else ""
    match rule.rule:
        case RuleKind.NEED:
            return f"{only}Insatsen svarar mot {_listed(NEEDS[one] for one in rule.needs)}."
        case RuleKind.AGE:
            return f"{only}Insatsen är för {_ages(rule)}."
        case RuleKind.AREA:
            return f"{only}Insatsen är för boende i {_listed(_AREAS[one] for one in rule.areas)}."
        case RuleKind.LANGUAGE:
            return f"{only}Här talas {_listed(NAMES.get(one, one) for one in rule.languages)}."
        case RuleKind.ACCESS:
            return f"{only}Här finns {_listed(ACCESS[one] for one in rule.access) or 'inget angivet'}."


def _but(rule: EligibilityRule, facts: Facts) -> str:
    match rule.rule:
        case RuleKind.NEED:
            return f"Behovet är {NEEDS[facts.need] if facts.need else 'ett annat'}."
        case RuleKind.AGE:
            return f"Åldern är {facts.age} år."
        case RuleKind.AREA:
            return f"Området är {_AREAS[facts.area] if facts.area else 'ett annat'}."
        case RuleKind.LANGUAGE:
            return f"Språket är {NAMES.get(facts.language or '', facts.language)}."
        case RuleKind.ACCESS:
            lacking = sorted(facts.access - set(rule.access))
            return f"Det saknas: {_listed(ACCESS[one] for one in lacking)}."


def _ages(rule: EligibilityRule) -> str:
    if rule.age_from is None:
        return f"den som är högst {rule.age_to} år"
    if rule.age_to is None:
        return f"den som är minst {rule.age_from} år"
    return f"den som är {rule.age_from} till {rule.age_to} år"


def _listed(words: Iterable[str]) -> str:
    *others, last = [*words] or [""]
    return f"{', '.join(others)} och {last}" if others else last
