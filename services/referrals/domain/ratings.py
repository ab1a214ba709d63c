"""How the person rates her own life: a step from 1 to 5 in each domain, and her own words; hers to hide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class LifeDomain(StrEnum):
    """The seven domains of a life that she may rate."""

    HOUSING = "housing"
    ECONOMY = "economy"
    WORK_AND_STUDIES = "work_and_studies"
    HEALTH = "health"
    RELATIONSHIPS = "relationships"
    LANGUAGE = "language"
    LEISURE = "leisure"


LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One rating; a later one of the same domain is another, so that she sees how it goes over time."""

    id: UUID
    organisation_id: UUID
    person_id: UUID
    domain: LifeDomain
    step: int
    words: str | None
    at: datetime
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """That she hid a domain or showed it again."""

    id: UUID
    domain: LifeDomain
    is_hidden: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Hidden:
    """What she has chosen last of each domain; what she has said nothing of is shown."""

    choices: Mapping[LifeDomain, Choice]

    def holds(self, domain: LifeDomain) -> bool:
        return domain in self.choices and self.choices[domain].is_hidden

    def since(self, domain: LifeDomain) -> datetime | None:
        return self.choices[domain].at if self.holds(domain) else None

    def to_choose(self, domains: Iterable[LifeDomain], *, hide: bool) -> list[LifeDomain]:
        """Those of the domains for which the choice is a new one."""
        wanted = set(domains)
        return [domain for domain in LifeDomain if domain in wanted and self.holds(domain) is not hide]
