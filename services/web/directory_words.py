"""The Swedish words of the directory: kinds of offerings and organisations, places, reasons, rules."""

from __future__ import annotations

from collections.abc import Mapping

from shared.events.base import ItemClass, ItemField, Role
from shared.events.organisations import (
    Access,
    AgreementKind,
    ErrorKind,
    OfferingKind,
    OfferingStatus,
    OrganisationKind,
    RuleKind,
)

OFFERING_KINDS: Mapping[str, str] = {
    OfferingKind.UNASSESSED: "Utan prövning: vi tar emot den som passar",
    OfferingKind.ASSESSED: "Med beslut: vi prövar först om personen har rätt till insatsen",
    OfferingKind.OPEN: "Öppen för alla: man kan också komma själv",
    OfferingKind.OPEN_DOOR: "Öppen dörr: en mötesplats, dit man bara går själv",
}

OFFERING_STATES: Mapping[str, str] = {
    OfferingStatus.EXISTING: "Tar emot",
    OfferingStatus.NEW: "Ny",
    OfferingStatus.PROTOTYPE: "Prövas",
    OfferingStatus.PAUSED: "Pausad",
    OfferingStatus.ENDED: "Har upphört",
}

ACCESS: Mapping[str, str] = {
    Access.STEP_FREE: "Stegfritt",
    Access.ACCESSIBLE_TOILET: "Tillgänglig toalett",
    Access.HEARING_LOOP: "Hörslinga",
    Access.SIGN_LANGUAGE: "Teckenspråk",
    Access.EASY_READ: "Lättläst",
    Access.QUIET_ROOM: "Lugnt rum",
    Access.INTERPRETER: "Tolk",
    Access.CHILDREN_ALONG: "Barn får följa med",
    Access.HOME_VISIT: "Hembesök",
    Access.REMOTE: "På distans",
    Access.EVENING: "Kvällstid",
}

PLACES: Mapping[str, str] = {
    "free": "Har plats",
    "unknown": "Okänt om plats",
    "waiting": "Väntelista",
    "full": "Fullt",
}

ERRORS: Mapping[str, str] = {
    ErrorKind.HAS_ENDED: "Insatsen finns inte längre",
    ErrorKind.IS_FULL: "Den har fullt, fast det står att den har plats",
    ErrorKind.WRONG_AUDIENCE: "Fel om vem den är för",
    ErrorKind.WRONG_CONTACT: "Fel om kontakten",
    ErrorKind.WRONG_HOURS: "Fel om tiderna",
    ErrorKind.WRONG_ADDRESS: "Fel adress",
    ErrorKind.WRONG_LANGUAGE: "Fel om språken",
    ErrorKind.SHOWS_PROTECTED_PLACE: "Den visar en plats som ska vara hemlig",
    ErrorKind.OTHER: "Något annat",
}

RULES: Mapping[str, str] = {
    RuleKind.AGE: "Ålder",
    RuleKind.AREA: "Stadsområde",
    RuleKind.LANGUAGE: "Språk",
    RuleKind.ACCESS: "Tillgänglighet",
    RuleKind.NEED: "Behov",
}

FACTORS: Mapping[str, str] = {
    "social_skills": "Social förmåga",
    "problem_solving": "Att lösa problem",
    "sense_of_coherence": "Känsla av sammanhang",
    "secure_relation": "En trygg relation",
    "loving_rules": "Kärleksfulla regler hemma",
    "parents_take_part": "Föräldrar som är med",
    "school_success": "Att lyckas i skolan",
    "adult_contact": "Kontakt med trygga vuxna",
    "meaningful_leisure": "Meningsfull fritid",
    "network": "Nätverk",
    "work_or_studies": "Arbete eller studier",
    "stable_housing": "Stabil bostad",
    "stable_economy": "Stabil ekonomi",
}
"""What an offering strengthens (skyddsfaktorer): said of offerings, never of persons."""

ORGANISATION_KINDS: Mapping[str, str] = {
    OrganisationKind.ASSOCIATION: "Förening eller stiftelse",
    OrganisationKind.SOCIAL_SERVICES: "Socialtjänst",
    OrganisationKind.CITY: "Annan del av staden",
    OrganisationKind.REGION: "Region",
    OrganisationKind.HOUSING_COMPANY: "Bostadsbolag",
    OrganisationKind.EMPLOYER: "Arbetsgivare",
    OrganisationKind.SCHOOL: "Skola",
    OrganisationKind.CARE: "Vård eller omsorg",
    OrganisationKind.UNIVERSITY: "Universitet eller högskola",
}

SECTORS: Mapping[str, str] = {
    "civil_society": "Civilsamhälle",
    "public": "Offentlig sektor",
    "business": "Näringsliv",
    "academia": "Akademi",
}

LEGAL_KINDS: Mapping[str, str] = {
    "association": "Ideell förening",
    "foundation": "Stiftelse",
    "company": "Bolag",
    "municipal_company": "Kommunalt bolag",
    "board": "Nämnd i kommunen",
    "region": "Region",
    "state_authority": "Statlig myndighet",
}

AGREEMENT_KINDS: Mapping[str, str] = {
    AgreementKind.COOPERATION: "Samverkan",
    AgreementKind.IOP: "Idéburet offentligt partnerskap (IOP)",
    AgreementKind.DATA_PROTECTION: "Dataskydd: vem som ansvarar för uppgifterna",
}

ROLES: Mapping[str, str] = {
    Role.RECIPIENT: "Mottagare: öppnar och tar emot överlämningar",
    Role.CASEWORKER: "Handläggare: lämnar över",
    Role.TEAM_LEAD: "Gruppledare",
    Role.ORGANISATION_ADMIN: "Administratör: sköter medarbetare och insatser",
    Role.LOG_REVIEWER: "Logggranskare",
    Role.PROTECTED_STAFF: "Får se personer med skyddade uppgifter",
    Role.COORDINATOR: "Samordnare för nätverket",
    Role.NETWORK_ADMIN: "Administratör för nätverket",
}

SPOKEN: Mapping[str, str] = {
    "sv": "svenska",
    "ar": "arabiska",
    "bs": "bosniska",
    "prs": "dari",
    "en": "engelska",
    "ku": "kurdiska",
    "fa": "persiska",
    "pl": "polska",
    "ru": "ryska",
    "so": "somaliska",
    "swl": "svenskt teckenspråk",
    "ti": "tigrinja",
    "tr": "turkiska",
    "uk": "ukrainska",
}
"""What is commonly spoken where people are met; an offering may speak others."""

WEEKDAYS: Mapping[int, str] = {
    1: "Måndag",
    2: "Tisdag",
    3: "Onsdag",
    4: "Torsdag",
    5: "Fredag",
    6: "Lördag",
    7: "Söndag",
}

USUAL_CLASSES: Mapping[str, ItemClass] = {
    ItemField.PHONE: ItemClass.CONTACT,
    ItemField.EMAIL: ItemClass.CONTACT,
    ItemField.ADDRESS: ItemClass.CONTACT,
    ItemField.PERSONAL_NUMBER: ItemClass.NUMBER,
    ItemField.HEALTH: ItemClass.SENSITIVE,
    ItemField.CHILDREN: ItemClass.CHILD,
}
"""How careful one must be with an item that is asked for; with any other it is ``normal``."""

USUAL_REASONS: Mapping[str, str] = {
    ItemField.GIVEN_NAME: "Så att vi kan välkomna dig vid namn.",
    ItemField.PHONE: "Så att vi kan ringa dig om första träffen.",
}
"""What nearly every offering must know, proposed with the reason that the person reads."""

STEPS: Mapping[str, str] = {
    "profile": "Vilka ni är",
    "team": "En funktion som tar emot",
    "recipient": "Någon som tar emot",
    "pledge": "Tystnadslöftet",
    "agreement": "En överenskommelse",
    "data_protection": "En ordning för dataskydd",
    "offering": "En insats",
}
"""What an organisation has done before it works with others."""

PLEDGE: tuple[str, ...] = (
    "Jag berättar inte för någon annan det jag får veta om en person i en överlämning.",
    "Jag använder uppgifterna bara för insatsen, och följer personens villkor.",
    "Jag läser bara det jag behöver för mitt uppdrag. Jag vet att varje läsning skrivs i en logg.",
    "När personen tar tillbaka sitt samtycke slutar jag använda uppgifterna och tar bort mina kopior.",
    "Löftet gäller i ett år, och tystnaden gäller även när jag har slutat.",
)
"""The pledge of confidentiality, version 1, as it is signed (R-44)."""
