"""JSON as the papers are committed: readable, in the code's order, with a line end."""

from __future__ import annotations

import json
from typing import Any


def as_json(said: Any) -> str:
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"
