"""The language codes that the directory takes: ISO 639-1, and from 639-3 those spoken here that it lacks."""

from __future__ import annotations

from collections.abc import Mapping

_TWO_LETTERS = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu
ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na
nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so
sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_THREE_LETTERS = """
aii ckb fit fkv haz kmr prs rmf rmn rom rmy sdh sma smj smn sms swl syr tig arc byn gez fil
"""
LANGUAGES = frozenset([*_TWO_LETTERS.split(), *_THREE_LETTERS.split()])

NAMES: Mapping[str, str] = {
    "am": "amhariska",
    "ar": "arabiska",
    "bs": "bosniska",
    "ckb": "sorani",
    "de": "tyska",
    "en": "engelska",
    "es": "spanska",
    "fa": "persiska",
    "fi": "finska",
    "fr": "franska",
    "hr": "kroatiska",
    "kmr": "kurmanji",
    "ku": "kurdiska",
    "pl": "polska",
    "prs": "dari",
    "ps": "pashto",
    "rom": "romani",
    "ru": "ryska",
    "so": "somaliska",
    "sq": "albanska",
    "sr": "serbiska",
    "sv": "svenska",
    "swl": "svenskt teckenspråk",
    "ti": "tigrinja",
    "tr": "turkiska",
    "uk": "ukrainska",
    "ur": "urdu",
    "zh": "kinesiska",
}
"""What the commonest are called in Swedish; of any other the code is said."""
