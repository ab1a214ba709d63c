"""What each notice says, in Swedish: never a name, a reason, an organisation or an offering."""

from __future__ import annotations

from collections.abc import Mapping

NOTICES: Mapping[str, str] = {
    "referral_sent": "En ny överlämning väntar på ert svar",
    "referral_accepted": "Din överlämning är mottagen",
    "referral_declined": "Din överlämning har avböjts",
    "referral_returned": "En överlämning kom tillbaka som utkast",
    "referral_recalled": "En överlämning har dragits tillbaka",
    "referral_ended": "En överlämning har avslutats",
    "referral_asked": "Mottagaren har en fråga om din överlämning",
    "referral_answered": "Er fråga om en överlämning har fått svar",
    "referral_reminded": "Avsändaren påminner om en överlämning som väntar på ert svar",
    "referral_waitlisted": "Din överlämning står på väntelista",
    "referral_forwarded": "Mottagaren föreslår en annan insats för din överlämning",
    "referral_started": "Den första kontakten efter din överlämning är tagen",
    "referral_paused": "Insatsen efter din överlämning är pausad",
    "referral_resumed": "Insatsen efter din överlämning fortsätter",
    "referral_completed": "Insatsen efter din överlämning är klar",
    "referral_reopened": "En överlämning har öppnats igen",
    "referral_expired": "En överlämning har gått ut utan svar",
    "referral_reassigned": "Du har nu hand om en överlämning",
    "referral_due": "En överlämning väntar på nästa steg från er",
    "referral_late": "En överlämning väntar på er: nästa steg är försenat",
    "referral_stalled": "En överlämning har väntat länge på nästa steg",
    "outcome_asked": "Hur gick det? Säg ert om en avslutad överlämning",
    "outcome_said": "Någon har berättat hur det gick efter en överlämning",
    "gap": "En överlämning har blivit stående: här är en lucka",
    "step_refused": "En person har sagt nej till ett steg på sin väg",
    "step_wanted": "En person har tagit tillbaka sitt nej till ett steg",
    "consent_renewed": "Ett samtycke har förnyats",
    "consent_expiring": "Ett samtycke går snart ut och kan förnyas",
    "sharing_changed": "En delning har ändrats",
    "sharing_ended": "En delning har upphört",
    "offer_opened": "En öppen förfrågan väntar: den första funktion som tar den får överlämningen",
    "offer_claimed": "Din öppna förfrågan är tagen: en mottagare har öppnat överlämningen",
    "offer_won": "Er funktion har tagit en öppen förfrågan och fått överlämningen",
    "offer_closed": "En öppen förfrågan är stängd",
    "offer_unclaimed": "Din öppna förfrågan är stängd och behovet är kvar hos er",
    "copy_unanswered": "Svar saknas om vad som har hänt med det som lämnades",
}
