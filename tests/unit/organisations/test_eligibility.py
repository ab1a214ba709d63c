"""Whether an offering fits: the explanation is the rule; a judge that knows its JSON alone agrees."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.organisations.domain.eligibility import Facts, judge, rules_of
from services.organisations.domain.offering import Offering
from shared.events.base import Area, NeedCode
from shared.events.organisations import (
    Access,
    EligibilityRule,
    OfferingKind,
    OfferingStatus,
    Reason,
    RuleKind,
)
from tests.unit.organisations.makers import an_offering

KNOWN = Facts(
    need=NeedCode.LANGUAGE, age=20, area=Area.SODER, language="ar", access=frozenset({Access.EVENING})
)


def the_rules(offering: Offering) -> list[dict[str, Any]]:
    """As whoever reads the API has them."""
    return [json.loads(rule.model_dump_json()) for rule in rules_of(offering)]


def judged_by_hand(rules: list[dict[str, Any]], status: str, facts: Facts) -> bool:
    """Written from the rules' JSON, without the code that judges."""
    for rule in rules:
        concerns = not rule["for_needs"] or facts.need in rule["for_needs"]
        highest = 999 if rule["age_to"] is None else rule["age_to"]
        asked: dict[str, tuple[list[Any], Any]] = {
            "need": ([facts.need], rule["needs"]),
            "area": ([facts.area], rule["areas"]),
            "language": ([facts.language], rule["languages"]),
            "access": ([*facts.access], rule["access"]),
            "age": ([facts.age], range(rule["age_from"] or 0, highest + 1)),
        }
        known, allowed = asked[rule["rule"]]
        if concerns and any(one is not None and one not in allowed for one in known):
            return False
    return status not in {"paused", "ended"}


def some(kind: Any, most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from([*kind][:4]), max_size=most, unique=True).map(tuple)


AGES = st.none() | st.integers(0, 30)
LANGUAGES = ("sv", "ar", "so")
RULES = st.builds(
    EligibilityRule,
    rule=st.sampled_from(RuleKind),
    needs=some(NeedCode),
    age_from=AGES,
    age_to=AGES,
    areas=some(Area),
    languages=some(LANGUAGES),
    access=some(Access),
    for_needs=some(NeedCode, 1),
).filter(lambda rule: rule.rule is not RuleKind.AGE or (rule.age_from, rule.age_to) != (None, None))
OFFERINGS = st.builds(
    an_offering,
    kind=st.sampled_from(OfferingKind),
    status=st.sampled_from(OfferingStatus),
    needs=some(NeedCode),
    areas=some(Area),
    languages=some(LANGUAGES),
    access=some(Access),
    age_from=AGES,
    age_to=AGES,
    eligibility=st.lists(RULES, max_size=2).map(tuple),
)
FACTS = st.builds(
    Facts,
    need=st.none() | st.sampled_from([*NeedCode][:4]),
    age=AGES,
    area=st.none() | st.sampled_from([*Area][:4]),
    language=st.none() | st.sampled_from(LANGUAGES),
    access=some(Access).map(frozenset),
)


@settings(max_examples=150, deadline=None)
@given(offering=OFFERINGS, facts=FACTS)
def test_the_explanation_is_the_rule(offering: Offering, facts: Facts) -> None:
    judgement = judge(offering, facts)

    assert judgement.fits == judged_by_hand(the_rules(offering), offering.status, facts)
    assert judgement.fits == (judgement.against() == ())
    assert all(one.said.endswith(".") and "None" not in one.said for one in judgement.why)


@pytest.mark.parametrize(
    ("said", "rule", "because"),
    [
        ({"status": OfferingStatus.PAUSED}, Reason.OPEN, "Insatsen är pausad."),
        ({"needs": (NeedCode.WORK,)}, Reason.NEED, "Insatsen svarar mot arbete. Behovet är språk."),
        ({"age_from": 21}, Reason.AGE, "Insatsen är för den som är minst 21 år. Åldern är 20 år."),
        ({"age_to": 19}, Reason.AGE, "Insatsen är för den som är 18 till 19 år. Åldern är 20 år."),
        (
            {"areas": (Area.DALHEM, Area.HOGABORG)},
            Reason.AREA,
            "Insatsen är för boende i Dalhem och Högaborg. Området är Söder.",
        ),
        (
            {"languages": ("sv", "so")},
            Reason.LANGUAGE,
            "Här talas svenska och somaliska. Språket är arabiska.",
        ),
        ({"access": ()}, Reason.ACCESS, "Här finns inget angivet. Det saknas: kvällstid."),
        (
            {
                "eligibility": (
                    EligibilityRule(rule=RuleKind.AGE, age_from=25, for_needs=(NeedCode.LANGUAGE,)),
                )
            },
            Reason.AGE,
            "Vid behov av språk: Insatsen är för den som är minst 25 år. Åldern är 20 år.",
        ),
    ],
)
def test_each_reason_against_is_said_in_plain_words(said: dict[str, Any], rule: Reason, because: str) -> None:
    judgement = judge(an_offering(**{"access": (Access.EVENING,)} | said), KNOWN)

    against = [(one.rule, one.said) for one in judgement.why if one.ok is False]
    assert (judgement.fits, against) == (False, [(rule, because)])


def test_what_nobody_said_speaks_neither_for_nor_against() -> None:
    judgement = judge(an_offering(kind=OfferingKind.ASSESSED), Facts())

    waiting = [one.rule for one in judgement.why if one.ok is None]
    assert judgement.fits
    assert waiting == [Reason.DECISION, Reason.NEED, Reason.AGE, Reason.AREA, Reason.LANGUAGE]


def test_a_rule_for_another_need_does_not_apply() -> None:
    of_work = EligibilityRule(rule=RuleKind.AGE, age_from=25, for_needs=(NeedCode.WORK,))

    assert judge(an_offering(access=(Access.EVENING,), eligibility=(of_work,)), KNOWN).fits
