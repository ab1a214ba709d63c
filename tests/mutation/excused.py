"""Changes of the rules that no test can notice, each with its reason."""

from __future__ import annotations

EXCUSED: dict[str, str] = {}
