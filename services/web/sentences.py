"""Whole sentences: why something was refused, and what happened on a path."""

from __future__ import annotations

from collections.abc import Mapping

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "illegal-command": (
        "Det går inte just nu",
        "Överlämningen är i ett läge där det inte går. Läs om sidan och se vad som kan göras nu.",
    ),
    "consent-missing": ("Samtycke saknas", "Personen har inte sagt ja till att uppgifterna lämnas."),
    "consent-expired": ("Samtycket har gått ut", "Fråga personen igen innan något lämnas."),
    "consent-ended": (
        "Delningen har upphört",
        "Samtycket gäller inte längre. Uppgifterna visas inte och får inte användas.",
    ),
    "consent-refused": ("Personen har sagt nej", "Ett nej är ett helt svar. Uppgifterna lämnas inte."),
    "items-not-released": (
        "Alla uppgifter omfattas inte av samtycket",
        "Personen har inte sagt ja till alla uppgifter i överlämningen.",
    ),
    "items-not-allowed": (
        "Mottagaren får inte ta emot uppgiften",
        "En eller flera uppgifter får inte lämnas till den här sortens mottagare.",
    ),
    "fields-required": ("Uppgifter saknas", "Insatsen behöver uppgifter som inte är ifyllda."),
    "receiver-closed": ("Mottagaren tar inte emot", "Välj en annan insats eller vänta tills den öppnar."),
    "receiver-full": (
        "Mottagaren har fullt just nu",
        "Den har redan så många som den vill ta emot samtidigt. Prata med den först, eller skicka ändå.",
    ),
    "agreement-missing": (
        "Överenskommelse saknas",
        "Era organisationer har ingen överenskommelse som gäller. Prata med samordnaren.",
    ),
    "pledge-missing": ("Tystnadslöftet saknas", "Skriv på tystnadslöftet innan du öppnar överlämningen."),
    "conditions-not-accepted": ("Villkoren är inte godkända", "Godkänn villkoren innan du öppnar."),
    "protected-identity": (
        "Lägg inte in personen här",
        "Följ rutinen för skyddade personuppgifter. Inget har sparats.",
    ),
    "already-locked": (
        "Personen är redan låst",
        "Lås upp först om andra ska kunna se personen i stället.",
    ),
    "not-locked": ("Personen är inte låst", "Det finns inget att låsa upp."),
    "guardian-missing": ("Vårdnadshavares ja saknas", "Alla vårdnadshavare som behövs har inte sagt ja."),
    "step-not-ready": ("Steget kan inte börja än", "Ett tidigare steg på vägen måste bli klart först."),
    "need-busy": (
        "Behovet är redan överlämnat",
        "Det finns en öppen överlämning för samma behov. Avsluta den först.",
    ),
    "not-an-open-door": (
        "Dit går man inte själv",
        "Insatsen är ingen öppen dörr. Lämna över behovet i stället för att hänvisa.",
    ),
    "home-rests": (
        "Er organisation tar inte del just nu",
        "Ett behov måste ha en hemvist som är öppen. Prata med samordnaren.",
    ),
    "step-begun": ("Steget har redan börjat", "Det finns redan ett behov för steget på vägen."),
    "transfer-offered": (
        "Behovet är redan erbjudet",
        "En organisation är tillfrågad om att ta över behovet. Ta tillbaka den frågan först.",
    ),
    "needs-open": ("Behov är öppna", "Flytta organisationens behov innan den pausas eller stängs."),
    "key-reused": ("Formuläret är redan skickat", "Läs om sidan och se vad som hände."),
    "key-missing": ("Formuläret är inte helt", "Läs om sidan och försök igen."),
    "version-missing": ("Formuläret är inte helt", "Läs om sidan och försök igen."),
    "version-stale": (
        "Någon annan hann före",
        "Överlämningen ändrades medan du hade sidan öppen. Läs om sidan innan du går vidare.",
    ),
    "invalid": ("Något behöver rättas", "Rätta uppgifterna som är markerade."),
    "too-large": ("För mycket text", "Formuläret är för stort. Korta texten och försök igen."),
    "rate-limited": ("För många försök", "Vänta en stund och försök igen."),
    "unavailable": (
        "Det går inte att svara just nu",
        "Det du gjorde är inte utfört. Vänta en liten stund och försök igen.",
    ),
    "unauthenticated": ("Logga in", "Din inloggning har gått ut."),
    "sign-in-failed": (
        "Inloggningen blev inte klar",
        "Den tog för lång tid, avbröts eller började i en annan webbläsare. Ingen är inloggad.",
    ),
    "login-unknown": (
        "Vi känner inte igen dig här",
        "Be er administratör lägga till dig. Har du fått en kod, koppla den först. Inget har sparats.",
    ),
    "import-not-ready": (
        "Filen går inte att läsa in än",
        "Den läses fortfarande, eller är redan inläst eller kastad. Se efter hur långt den har kommit.",
    ),
    "code-over": (
        "Koden gäller inte",
        "Den är felskriven, har redan använts eller är för gammal. Be din handläggare om en ny.",
    ),
    "step-up-needed": (
        "Legitimera dig igen",
        "Det här är extra känsligt. Visa vem du är på nytt; det gäller i fem minuter.",
    ),
    "step-up-not-met": (
        "Legitimeringen räckte inte",
        "Det behövs en starkare legitimering som görs på nytt. Försök igen.",
    ),
    "role-missing": ("Din roll får inte göra det här", "Prata med er organisations administratör."),
    "not-your-side": (
        "Det är den andra sidans sak",
        "Det här kan bara den andra parten i överlämningen göra.",
    ),
    "not-found": (
        "Sidan finns inte",
        "Det finns inget här som du kan se. Kontrollera adressen eller gå till startsidan.",
    ),
    "agreement-overlaps": (
        "Det finns redan en överenskommelse",
        "Parterna har redan en av samma slag för några av dagarna. Avsluta den först.",
    ),
    "no-place-to-hold": (
        "Det finns ingen plats att hålla",
        "Platserna är slut eller hålls av andra, eller så är uppgiften för gammal. Fråga mottagaren.",
    ),
    "hold-over": ("Platsen hålls inte längre", "Tiden är slut, eller så är platsen redan släppt."),
    "held-already": (
        "Du håller redan en plats där",
        "Använd den eller släpp den innan du håller en till.",
    ),
    "substitutes-overlap": (
        "Det finns redan en ersättare",
        "Någon annan ersätter redan några av dagarna. Avsluta den ersättningen först.",
    ),
    "invitation-over": (
        "Inbjudan gäller inte längre",
        "Den har redan använts eller är för gammal. Be samordnaren om en ny.",
    ),
    "login-taken": ("Inloggningen är upptagen", "Välj en annan inloggning."),
    "refused": ("Det går inte", "Tjänsten sade nej. Läs om sidan och försök igen."),
}
"""Slug of the problem: a heading and a sentence to the visitor."""

EVENTS: Mapping[str, str] = {
    "path.opened.v1": "En väg påbörjades",
    "need.stated.v1": "Ett behov skrevs ned",
    "consent.given.v1": "Samtycke att lämna uppgifter gavs",
    "consent.refused.v1": "Personen sade nej till att lämna uppgifter",
    "consent.withdrawn.v1": "Samtycket återkallades",
    "consent.expired.v1": "Samtyckets tid gick ut",
    "referral.drafted.v1": "En överlämning påbörjades",
    "referral.discarded.v1": "Ett utkast kastades",
    "referral.returned.v1": "Överlämningen kom tillbaka som utkast",
    "referral.sent.v1": "Överlämningen skickades",
    "referral.opened.v1": "Överlämningen öppnades",
    "referral.accepted.v1": "Överlämningen togs emot",
    "referral.declined.v1": "Överlämningen avböjdes",
    "referral.recalled.v1": "Överlämningen drogs tillbaka",
    "referral.consent_lost.v1": "Delningen stängdes, samtycket hade upphört",
    "step.planned.v1": "Ett steg lades till på vägen",
    "step.ready.v1": "Ett steg kan börja",
    "need.parked.v1": "Ett behov parkerades",
    "need.unparked.v1": "Ett parkerat behov togs upp igen",
    "need.answered.v1": "Ett behov fick sitt svar",
    "need.closed.v1": "Ett behov avslutades",
    "need.reopened.v1": "Ett behov öppnades igen",
    "need.transfer_offered.v1": "En annan organisation tillfrågades om behovet",
    "need.transfer_refused.v1": "Den tillfrågade organisationen sade nej till behovet",
    "need.transfer_recalled.v1": "Frågan till den andra organisationen drogs tillbaka",
    "need.transferred.v1": "Behovet fick en ny hemvist",
    "signpost.given.v1": "En hänvisning gavs",
    "consent.renewed.v1": "Samtycket förnyades",
    "consent.narrowed.v1": "Samtycket minskades",
    "consent.expiring.v1": "Samtycket går snart ut",
    "disclosure.answered.v1": "En mottagare berättade vad som gjorts med uppgifterna",
    "disclosure.unanswered.v1": "En mottagare har inte svarat om uppgifterna",
    "referral.asked.v1": "Mottagaren ställde en fråga",
    "referral.answered.v1": "Avsändaren svarade på frågan",
    "referral.waitlisted.v1": "Personen sattes på väntelista",
    "referral.forwarded.v1": "Mottagaren hänvisade till en annan insats",
    "referral.started.v1": "Den första kontakten är tagen",
    "referral.contacted.v1": "En kontakt noterades",
    "referral.paused.v1": "Insatsen pausades",
    "referral.resumed.v1": "Insatsen återupptogs",
    "referral.completed.v1": "Insatsen är klar",
    "referral.ended.v1": "Insatsen avslutades i förtid",
    "referral.reopened.v1": "Ett avslut togs tillbaka",
    "referral.expired.v1": "Överlämningen gick ut utan svar",
    "referral.marked_in_error.v1": "Överlämningen markerades som felaktig",
    "referral.reminded.v1": "Avsändaren påminde",
    "referral.reassigned.v1": "En kollega tog över",
    "referral.overdue.v1": "Ett svar eller ett steg är försenat",
    "offer.drafted.v1": "En öppen förfrågan påbörjades",
    "offer.discarded.v1": "En öppen förfrågan kastades innan någon såg den",
    "offer.opened.v1": "En öppen förfrågan visades för några funktioner",
    "offer.closed.v1": "En öppen förfrågan stängdes utan att någon tog den",
    "offer.claimed.v1": "En funktion tog den öppna förfrågan och öppnade överlämningen",
    "offer.consent_given.v1": "Samtycke till en öppen förfrågan gavs",
    "offer.consent_refused.v1": "Personen sade nej till en öppen förfrågan",
    "offer.consent_withdrawn.v1": "Samtycket till en öppen förfrågan återkallades",
    "offer.consent_expired.v1": "Tiden för samtycket till en öppen förfrågan gick ut",
    "offer.consent_narrowed.v1": "Samtycket till en öppen förfrågan minskades",
    "step.refused.v1": "Personen sade nej till ett steg",
    "step.wanted.v1": "Personen tog tillbaka sitt nej till ett steg",
    "notice.stored_of_path.v1": "De som arbetar med personen fick en avisering",
    "outcome.said.v1": "Någon berättade hur det gick",
    "outcome.asked.v1": "De som inte har berättat hur det gick tillfrågades",
    "outcome.unsaid.v1": "Någon som tillfrågades har inte berättat hur det gick",
    "notice.stored.v1": "Mottagaren av beskedet fick en avisering",
    "organisation.registered.v1": "En organisation gick med",
    "organisation.changed.v1": "En organisation ändrades",
    "team.opened.v1": "En funktion öppnades",
    "team.changed.v1": "En funktions reserv ändrades",
    "substitute.named.v1": "En ersättare utsågs",
    "substitute.released.v1": "En ersättning avslutades",
    "staff.appointed.v1": "En medarbetare började",
    "staff.changed.v1": "En medarbetares roll ändrades",
    "offering.published.v1": "En insats publicerades",
    "offering.changed.v1": "En insats ändrades",
    "offering.confirmation_due.v1": "En insats behöver bekräftas",
    "offering.error_reported.v1": "Ett fel i en insats rapporterades",
    "search.missed.v1": "En sökning gav ingen insats",
    "agreement.concluded.v1": "En överenskommelse slöts",
    "agreement.ended.v1": "En överenskommelse upphörde",
    "pledge.signed.v1": "Ett tystnadslöfte skrevs på",
    "log.void.v1": "En händelse gick förlorad och dess nummer är tomt",
}
"""Type of the event: what happened, without any name."""


def problem(slug: str) -> tuple[str, str]:
    """Heading and sentence for a slug; an unknown one gets the general words."""
    return PROBLEMS.get(slug, PROBLEMS["refused"])


def happened(event_type: str) -> str:
    """What happened, in words; a type that is newer than these pages is named as it is."""
    return EVENTS.get(event_type, event_type)
