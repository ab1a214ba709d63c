"""Three ways that have lain behind for some weeks: one that went well, one to and fro, one taken back.

Each is told by the days since the demo's calendar began; every person in it is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from . import story
from .asking import Asking
from .story import Told

LENGTH = 28
"""The days that lie behind when the demo begins."""

Things = Mapping[str, Mapping[str, Any]]
Deeds = dict[int, Callable[[], None]]

MARYAM = Told(
    given_name="Maryam",
    family_name="Lindelöv",
    birth_year=1979,
    language="fa",
    phone="070-174 06 07",
    mail="maryam.lindelov@example.org",
    goal="Jag vill ha någon att prata med, på svenska.",
    need={"code": "language", "theme": "individual", "area": "B021", "urgency": "normal"},
)
LONELY = {"code": "loneliness", "theme": "individual", "area": "B021", "urgency": "low"}

TOMAS = Told(
    given_name="Tomas",
    family_name="Hvitfeldt",
    birth_year=1966,
    language="sv",
    phone="070-174 06 08",
    mail="tomas.hvitfeldt@example.org",
    goal="Jag vill komma ut bland folk igen.",
    need={"code": "loneliness", "theme": "individual", "area": "B041", "urgency": "normal"},
)

NADIA = Told(
    given_name="Nadia",
    family_name="Kroon",
    birth_year=1995,
    language="sv",
    phone="070-174 06 09",
    mail="nadia.kroon@example.org",
    goal="Jag vill kunna bo kvar.",
    need={"code": "housing", "theme": "neighbourhood", "area": "B044", "urgency": "normal"},
)

ASSOCIATION, LANDLORD = "recipient-b", "recipient-c"


def tell(ask: Asking, offerings: Things) -> None:
    """Live the days through, from the first to the last."""
    ways = (Smooth(ask, offerings), ToAndFro(ask, offerings), TakenBack(ask, offerings))
    today = 0
    for day in sorted({day for way in ways for day in way.deeds} | {LENGTH}):
        ask.move_clock(timedelta(days=day - today))
        today = day
        for way in ways:
            way.deeds.get(day, _nothing)()


def _nothing() -> None:
    """Days go by."""


class Way:
    """One person's way: what is done on which day, and the referral as it was last answered."""

    def __init__(self, ask: Asking, offerings: Things) -> None:
        self._ask, self._offerings = ask, offerings
        self._need: dict[str, Any] = {}
        self._referral: dict[str, Any] = {}
        self.deeds: Deeds = {}

    def _begin(self, told: Told, offering: str) -> None:
        path = story.begin_path(self._ask, told)
        self._need = story.state_need(self._ask, path, told.need)
        self._send(told, offering)

    def _send(self, told: Told, offering: str) -> None:
        self._referral = story.send(self._ask, told, self._need, self._offerings[offering])

    def _do(self, login: str, name: str, **body: Any) -> None:
        self._referral = story.command(self._ask, login, self._referral, name, body)

    def _take_on(self, login: str) -> None:
        self._referral = story.take_on(self._ask, self._referral, recipient=login)

    def _look_into(self, login: str) -> None:
        self._referral = story.look_into(self._ask, self._referral, recipient=login)

    def _meet(self, login: str, way: str) -> None:
        self._do(login, "start", at=self._referral["changed_at"], way=way)


class Smooth(Way):
    """From the language café to the walking group: each step met, and the next one offered."""

    def __init__(self, ask: Asking, offerings: Things) -> None:
        super().__init__(ask, offerings)
        self.deeds = {
            1: self._hope,
            2: self._are_met,
            5: self._begin_well,
            18: self._are_done,
            20: self._go_on,
        }

    def _hope(self) -> None:
        self._begin(MARYAM, "Språkcafé")

    def _are_met(self) -> None:
        self._take_on(ASSOCIATION)

    def _begin_well(self) -> None:
        self._meet(ASSOCIATION, "på caféet")
        self._do(ASSOCIATION, "note_contact", kind="attended", at=self._referral["changed_at"])

    def _are_done(self) -> None:
        sentence = "Du talar med alla vid bordet nu. Välkommen tillbaka när du vill."
        self._do(ASSOCIATION, "complete", outcome="met", sentence=sentence)
        token, path = self._ask.signed_in(story.CASEWORKER), f"/referrals/{self._referral['id']}/outcomes"
        word = {"voice": "sender", "met": "met", "sentence": "Maryam ringer själv till skolan."}
        self._ask.post("referrals", path, word, token=token)
        need = self._ask.get("referrals", f"/needs/{self._need['id']}", token=token)
        said = {"as": "met", "sentence": "Nu är det här klart, och du bestämmer vad som kommer härnäst."}
        path = f"/needs/{need['id']}/close"
        self._ask.post("referrals", path, said, token=token, version=need["version"])

    def _go_on(self) -> None:
        self._need = story.state_need(self._ask, {"id": self._need["path_id"]}, LONELY)
        self._send(MARYAM, "Promenadgruppen")
        self._take_on(ASSOCIATION)
        self._meet(ASSOCIATION, "på torget")


class ToAndFro(Way):
    """The association points at the landlord, the landlord back at the association: weeks go by."""

    def __init__(self, ask: Asking, offerings: Things) -> None:
        super().__init__(ask, offerings)
        self.deeds = {
            1: self._ask_for_company,
            3: self._are_sent_on,
            5: self._are_sent_back,
            7: self._come_in,
        }

    def _ask_for_company(self) -> None:
        self._begin(TOMAS, "Promenadgruppen")

    def _are_sent_on(self) -> None:
        self._point_at("Boskola och betalningsplan", "Du talade mest om hyran.", by=ASSOCIATION)

    def _are_sent_back(self) -> None:
        self._point_at("Promenadgruppen", "Hyran är betald. Det du saknar är sällskap.", by=LANDLORD)

    def _come_in(self) -> None:
        self._take_on(ASSOCIATION)
        self._meet(ASSOCIATION, "på en promenad")

    def _point_at(self, name: str, sentence: str, *, by: str) -> None:
        """One receiver points at another offering, and the caseworker hands over anew."""
        offering = self._offerings[name]
        self._look_into(by)
        self._do(by, "forward", offering_id=offering["id"], sentence=sentence)
        token = self._ask.signed_in(story.CASEWORKER)
        (draft,) = self._ask.get("referrals", "/referrals?box=out&state=draft", token=token)["items"]
        path, items = f"/referrals/{draft['id']}", {"items": story.items_for(TOMAS, offering)}
        filled = self._ask.patch("referrals", path, items, token=token, version=draft["version"])
        self._referral = story.release(self._ask, filled, offering)


class TakenBack(Way):
    """She changes her mind after the first call, and the receiver answers that it has deleted what it had."""

    def __init__(self, ask: Asking, offerings: Things) -> None:
        super().__init__(ask, offerings)
        self.deeds = {20: self._ask_for_help, 21: self._are_called, 24: self._take_it_back}

    def _ask_for_help(self) -> None:
        self._begin(NADIA, "Boskola och betalningsplan")

    def _are_called(self) -> None:
        self._take_on(LANDLORD)

    def _take_it_back(self) -> None:
        caseworker = self._ask.signed_in(story.CASEWORKER)
        (consent_id,) = self._referral["consent_ids"]
        self._ask.post("referrals", f"/consents/{consent_id}/withdrawal", {}, token=caseworker)
        landlord = self._ask.signed_in(LANDLORD)
        (held,) = self._ask.get("referrals", "/disclosures?owes_receipt=true", token=landlord)["items"]
        path = f"/disclosures/{held['id']}/receipt"
        self._ask.post("referrals", path, {"answer": "deleted"}, token=landlord)
