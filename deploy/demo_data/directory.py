"""Who takes part, brought in by the network's own first secret; what does not wait for anything, at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .asking import Asking, Unseeded, at_once
from .network import PLEDGE, House, Member, Offered

Things = dict[str, dict[str, Any]]


class Directory:
    """What has been brought in: organisations and teams by their letters, offerings by their names."""

    def __init__(self, ask: Asking, token: str) -> None:
        self._ask, self._token = ask, token
        self.houses: Things = {}
        self.teams: Things = {}
        self.offerings: Things = {}

    def bring_in(self, houses: Mapping[str, House], members: Iterable[Member]) -> None:
        """Organisations, each with its team and its staff."""
        staff: dict[str, list[Member]] = {letter: [] for letter in houses}
        for member in members:
            staff[member.house].append(member)
        at_once(lambda letter: self._bring_in(letter, houses[letter], staff[letter]), houses)

    def publish(self, offered: Iterable[Offered]) -> None:
        """Offerings, each once all that it leads to is there."""
        left = [*offered]
        while left:
            ready = [one for one in left if self.offerings.keys() >= {*one.leads_to}]
            if not ready:
                raise Unseeded(f"{left[0].name} leads to what is not there")
            for one, made in zip(ready, at_once(self._publish, ready), strict=True):
                self.offerings[one.name] = made
            left = [one for one in left if one.name not in self.offerings]

    def agree(self, agreements: Sequence[tuple[str, str, str]]) -> None:
        """Agreements between two organisations each."""
        at_once(self._agree, agreements)

    def count_again(self, offered: Iterable[Offered]) -> None:
        """Say of offerings that they have as many places as before."""
        at_once(self._count_again, [one for one in offered if one.capacity])

    def _bring_in(self, letter: str, house: House, staff: Iterable[Member]) -> None:
        body = {"name": house.name, "kind": house.kind, **house.profile}
        self.houses[letter] = self._ask.post("organisations", "/organisations", body, token=self._token)
        team = {"organisation_id": self.houses[letter]["id"], "name": house.team}
        self.teams[letter] = self._ask.post("organisations", "/teams", team, token=self._token)
        for member in staff:
            self._appoint(member)

    def _appoint(self, member: Member) -> None:
        body = {
            "organisation_id": self.houses[member.house]["id"],
            "team_id": self.teams[member.house]["id"] if member.in_team else None,
            "name": member.name,
            "roles": member.roles,
            "login": member.login,
        }
        self._ask.post("organisations", "/staff", body, token=self._token)
        if member.signs_pledge:
            token = self._ask.signed_in(member.login)
            self._ask.post("organisations", "/pledges", {"version": PLEDGE}, token=token)

    def _publish(self, offered: Offered) -> dict[str, Any]:
        body = {
            "organisation_id": self.houses[offered.house]["id"],
            "team_id": self.teams[offered.house]["id"],
            "leads_to": [self.offerings[name]["id"] for name in offered.leads_to],
            **offered.body(),
        }
        return self._ask.post("organisations", "/offerings", body, token=self._administrator(offered))

    def _count_again(self, offered: Offered) -> None:
        made, change = self.offerings[offered.name], {"capacity": offered.capacity}
        token, path = self._administrator(offered), f"/offerings/{made['id']}"
        self._ask.patch("organisations", path, change, token=token, version=made["version"])

    def _agree(self, agreement: tuple[str, str, str]) -> None:
        first, second, name = agreement
        parties = [self.houses[first]["id"], self.houses[second]["id"]]
        self._ask.post("organisations", "/agreements", {"parties": parties, "name": name}, token=self._token)

    def _administrator(self, offered: Offered) -> str:
        return self._ask.signed_in(f"orgadmin-{offered.house}")
