"""`dev.py audit`: asks a vulnerability service about every locked package, and says so when it cannot."""

import json
import os
import sys
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.error import URLError

from deploy.sbom import Part, document

SERVICE = os.environ.get("OSV_URL", "https://api.osv.dev/v1/querybatch")
PATIENCE_S = 20.0
KNOWN, CLEAN, NOT_ASKED = 1, 0, 2
"""The exit codes: something is known, nothing is known, and nobody could be asked."""

Answers = Sequence[Mapping[str, Any]]
Ask = Callable[[Sequence[Part]], Answers]


def ask(parts: Sequence[Part]) -> Answers:
    """What the service knows of each part, in their order; raises ``OSError`` or ``ValueError``."""
    body = json.dumps({"queries": [{"package": {"purl": part["purl"]}} for part in parts]}).encode()
    request = urllib.request.Request(SERVICE, body, {"Content-Type": "application/json"})  # noqa: S310 - ours
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - ours
        results: Answers = json.loads(answer.read())["results"]
    if len(results) != len(parts):
        raise ValueError("the service has not answered for every package")
    return results


def audit(parts: Sequence[Part], ask: Ask = ask) -> int:
    """Print what is known of the parts; never green for what nobody was asked about."""
    try:
        answers = ask(parts)
    except (URLError, OSError, ValueError, KeyError) as error:
        print(f"audit: NOT DONE: the vulnerability service cannot be asked ({type(error).__name__}).")
        print(f"audit: of {len(parts)} packages nothing is known, neither good nor bad.")
        return NOT_ASKED
    found = [
        f"{part['purl']}: {', '.join(sorted(one['id'] for one in answer['vulns']))}"
        for part, answer in zip(parts, answers, strict=True)
        if answer.get("vulns")
    ]
    print(*found, f"audit: {len(parts)} packages asked about, {len(found)} with known faults.", sep="\n")
    return KNOWN if found else CLEAN


if __name__ == "__main__":
    sys.exit(audit(document()["components"]))
