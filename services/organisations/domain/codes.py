"""The directory's own codes."""

from __future__ import annotations

from enum import StrEnum


class ProtectiveFactor(StrEnum):
    """What an offering strengthens (skyddsfaktor): a word on the offering, never a score on a person."""

    SOCIAL_SKILLS = "social_skills"
    PROBLEM_SOLVING = "problem_solving"
    SENSE_OF_COHERENCE = "sense_of_coherence"
    SECURE_RELATION = "secure_relation"
    LOVING_RULES = "loving_rules"
    PARENTS_TAKE_PART = "parents_take_part"
    SCHOOL_SUCCESS = "school_success"
    ADULT_CONTACT = "adult_contact"
    MEANINGFUL_LEISURE = "meaningful_leisure"
    NETWORK = "network"
    WORK_OR_STUDIES = "work_or_studies"
    STABLE_HOUSING = "stable_housing"
    STABLE_ECONOMY = "stable_economy"
