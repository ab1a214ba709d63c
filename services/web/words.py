"""The Swedish words for the codes of the published language, as screens show them."""

from __future__ import annotations

from collections.abc import Mapping

from shared.events.base import Area, ItemField, NeedCode, Theme, Urgency
from shared.events.referrals import DeclineReason, RecallReason

from . import notice_words

NEEDS: Mapping[str, str] = {
    NeedCode.LANGUAGE: "Svenska språket",
    NeedCode.WORK: "Arbete eller praktik",
    NeedCode.STUDIES: "Studier",
    NeedCode.HOUSING: "Bostad",
    NeedCode.ECONOMY: "Ekonomi och skulder",
    NeedCode.HEALTH: "Hälsa och rörelse",
    NeedCode.WELLBEING: "Psykiskt mående",
    NeedCode.LONELINESS: "Gemenskap",
    NeedCode.PARENTING: "Föräldrastöd",
    NeedCode.LEISURE: "Barnets fritid",
    NeedCode.DIGITAL: "Digital hjälp och myndighetskontakt",
    NeedCode.SAFETY: "Trygghet",
}

THEMES: Mapping[str, str] = {
    Theme.NEIGHBOURHOOD: "Närområde",
    Theme.PARENTS: "Föräldrar",
    Theme.SCHOOL: "Skola",
    Theme.INDIVIDUAL: "Individ och kamrater",
}

AREAS: Mapping[str, str] = {
    Area.DROTTNINGHOG: "Drottninghög",
    Area.FREDRIKSDAL: "Fredriksdal",
    Area.DALHEM: "Dalhem",
    Area.SODER: "Söder",
    Area.HOGABORG: "Högaborg",
    Area.NARLUNDA: "Närlunda",
    Area.PLANTERINGEN: "Planteringen",
}

URGENCIES: Mapping[str, str] = {
    Urgency.URGENT: "Brådskande: svar inom 1 arbetsdag",
    Urgency.NORMAL: "Vanlig: svar inom 3 arbetsdagar",
    Urgency.LOW: "Kan vänta: svar inom 10 arbetsdagar",
}

FIELDS: Mapping[str, str] = {
    ItemField.GIVEN_NAME: "Förnamn",
    ItemField.FAMILY_NAME: "Efternamn",
    ItemField.PHONE: "Telefon",
    ItemField.EMAIL: "E-post",
    ItemField.ADDRESS: "Adress",
    ItemField.BIRTH_YEAR: "Födelseår",
    ItemField.PERSONAL_NUMBER: "Personnummer",
    ItemField.LANGUAGE: "Språk",
    ItemField.INTERPRETER: "Tolk",
    ItemField.NEED: "Behovet med egna ord",
    ItemField.BACKGROUND: "Bakgrund",
    ItemField.AVAILABILITY: "Tider som passar",
    ItemField.ADJUSTMENTS: "Anpassningar",
    ItemField.MEASURE: "Överenskommen åtgärd",
    ItemField.HEALTH: "Hälsa",
    ItemField.CHILDREN: "Barn",
}

PROTECTIONS: Mapping[str, str] = {
    "secrecy": "Mottagaren är en myndighet. Lagen om sekretess gäller för det som du berättar där.",
    "company_secrecy": "Mottagaren är ett kommunalt bolag. Handlingar kan begäras ut, men uppgifter om dig"
    " kan vara hemliga.",
    "professional_secrecy": "Mottagaren är privat och arbetar enligt socialtjänstlagen. Personalen har"
    " tystnadsplikt enligt den lagen.",
    "pledge": "Lagen om sekretess gäller inte hos mottagaren. Den som öppnar överlämningen har skrivit på ett"
    " tystnadslöfte och ska följa dina villkor.",
}
"""How the receiver protects what it is told, in words to the person (R-02)."""

LANGUAGES: Mapping[str, str] = {
    "sv": "svenska",
    "ar": "arabiska",
    "en": "engelska",
    "fa": "persiska",
    "so": "somaliska",
    "ti": "tigrinja",
    "uk": "ukrainska",
}

STATES: Mapping[str, str] = {
    "draft": "Utkast",
    "queued": "Skickas strax",
    "discarded": "Kastad",
    "sent": "Skickad",
    "opened": "Öppnad",
    "info_requested": "Väntar på svar på en fråga",
    "waitlisted": "På väntelista",
    "accepted": "Mottagen",
    "active": "Pågår",
    "paused": "Pausad",
    "completed": "Avslutad",
    "ended": "Avslutad i förtid",
    "declined": "Avböjd",
    "forwarded": "Hänvisad vidare",
    "recalled": "Tillbakadragen",
    "expired": "Utgången",
    "consent_lost": "Samtycket har upphört",
    "in_error": "Felaktig",
}

COMMANDS: Mapping[str, str] = {
    "draft": "Överlämningen påbörjades",
    "discard": "Utkastet kastades",
    "send": "Överlämningen skickades",
    "undo": "Sändningen ångrades",
    "dispatch": "Överlämningen nådde mottagaren",
    "return": "Överlämningen kom tillbaka som utkast",
    "open": "Mottagaren öppnade överlämningen",
    "claim": "Mottagaren tog en öppen förfrågan och öppnade överlämningen",
    "accept": "Mottagaren tog emot",
    "decline": "Mottagaren avböjde",
    "recall": "Överlämningen drogs tillbaka",
    "ask": "Mottagaren ställde en fråga",
    "answer": "Avsändaren svarade",
    "waitlist": "Mottagaren satte personen på väntelista",
    "forward": "Mottagaren hänvisade till en annan insats",
    "start": "Den första kontakten togs",
    "note_contact": "En kontakt noterades",
    "pause": "Insatsen pausades",
    "resume": "Insatsen återupptogs",
    "complete": "Insatsen blev klar",
    "end": "Insatsen avslutades i förtid",
    "reopen": "Avslutet togs tillbaka",
    "expire": "Överlämningen gick ut utan svar",
    "mark_error": "Överlämningen markerades som felaktig",
    "remind": "Avsändaren påminde",
    "reassign": "En kollega tog över",
    "lose_consent": "Samtycket upphörde och delningen stängdes",
}

STAGES: Mapping[str, str] = {
    "preparing": "Förbereds",
    "waiting": "Väntar på svar",
    "waiting_list": "På väntelista",
    "accepted": "Mottagen",
    "under_way": "Pågår",
    "paused": "Pausad",
    "over": "Avslutad",
}
"""How far a referral has come, to whoever holds a card."""

BALLS: Mapping[str, str] = {
    "sender": "Din handläggare",
    "receiver": "Mottagaren",
    "nobody": "Ingen, det är klart",
}

ADMISSIONS: Mapping[str, str] = {"status_card": "Kodkort", "e_id": "E-legitimation"}

ADMISSION_STATES: Mapping[str, str] = {
    "given": "Koden är inte använd",
    "used": "Använd",
    "ended": "Gäller inte längre",
}

TIE_PAGE = "sidan Koppla din e-legitimation"

DECLINE_REASONS: Mapping[str, Mapping[str, str]] = {
    "Vi kan inte just nu": {
        DeclineReason.NO_CAPACITY: "Vi har fullt",
        DeclineReason.OUT_OF_AREA: "Utanför vårt område",
        DeclineReason.NOT_OUR_SERVICE: "Inte vår insats",
        DeclineReason.LACKS_LANGUAGE: "Vi saknar språket",
        DeclineReason.CLOSED_TEMPORARILY: "Tillfälligt stängt",
    },
    "Insatsens villkor": {
        DeclineReason.AGE: "Åldern passar inte",
        DeclineReason.OTHER_RULE: "Ett annat villkor",
    },
    "Personen": {
        DeclineReason.NO_LONGER_WANTED: "Vill inte längre",
        DeclineReason.COULD_NOT_REACH: "Gick inte att nå",
        DeclineReason.NEED_ALREADY_MET: "Behovet är redan löst",
        DeclineReason.ALREADY_ENROLLED: "Är redan med i insatsen",
    },
    "Överlämningen": {
        DeclineReason.MISSING_INFORMATION: "Uppgifter saknas",
        DeclineReason.DUPLICATE: "Samma överlämning finns redan",
        DeclineReason.WRONG_RECIPIENT: "Fel mottagare",
        DeclineReason.OTHER: "Annat skäl",
    },
}
"""Grouped by whose reason it is, as the form shows them."""

RECALL_REASONS: Mapping[str, str] = {
    RecallReason.NO_LONGER_WANTED: "Personen vill inte längre",
    RecallReason.NEED_ALREADY_MET: "Behovet är redan löst",
    RecallReason.WRONG_RECIPIENT: "Fel mottagare",
    RecallReason.DUPLICATE: "Samma överlämning finns redan",
    RecallReason.OTHER: "Annat skäl",
}

GIVEN_HOW: Mapping[str, str] = {
    "spoken": "Muntligt, inför mig",
    "written": "Skriftligt",
    "e_id": "Med e-legitimation",
    "own_device": "På personens egen enhet",
}

CONDITIONS: tuple[str, ...] = (
    "Mottagaren får inte lämna uppgifterna vidare.",
    "Mottagaren får bara använda uppgifterna för insatsen.",
)
"""The usual conditions, written as the receiver reads them (OSL 12:2)."""

CONSENT_STATES: Mapping[str, str] = {
    "given": "Gäller",
    "refused": "Personen sade nej",
    "withdrawn": "Återkallat",
    "expired": "Har gått ut",
    "replaced": "Ersatt av ett nyare svar",
    "unused": "Behövdes inte, inget lämnades",
}

SERVICES: Mapping[str, str] = {
    "organisations": "Organisationer",
    "referrals": "Överlämningar",
    "notifications": "Aviseringar",
    "tracing": "Flöden",
    "web": "Sidorna",
}

NOTICES: Mapping[str, str] = notice_words.NOTICES


def decline_reason(code: str) -> str:
    """The word for a reason, whichever side's it is."""
    return next((group[code] for group in DECLINE_REASONS.values() if code in group), code)
