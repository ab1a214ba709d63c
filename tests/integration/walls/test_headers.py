"""Every route of every service answers under the same headers, whatever it answers and whoever asks."""

from __future__ import annotations

import pytest

from deploy.keys import RECORDED
from tests.integration.walls.lives import Lives
from tests.integration.walls.routes import operations
from tests.integration.walls.test_foreign_ids import NOTHING

ENDLESS, KEPT = "/notifications/live", ("/jwks", "/public/offerings", "/hsds/")
STRICT = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
"""What OWASP's REST Security Cheat Sheet asks of an API; the code's own list would prove nothing."""
EVIL = {"Origin": "https://evil.example", "X-Forwarded-For": "10.0.0.1", "X-Forwarded-Host": "evil.example"}


@pytest.mark.parametrize("service", RECORDED)
async def test_every_answer_has_the_strict_headers(lives: Lives, service: str) -> None:
    token, wrong = lives.ours.tokens()["home"], []
    for operation in operations(service):
        if operation.path == ENDLESS:
            continue
        request = operation.request(lambda _: NOTHING)
        address = lives.network.peers[service] + request.address
        for headers in ({}, {"Authorization": f"Bearer {token}", **EVIL}):
            answer = await lives.network.http.request(request.method, address, headers=headers)
            lacking = {name for name, value in STRICT.items() if answer.headers.get(name) != value}
            shared_with = [name for name in answer.headers if name.startswith("access-control-")]
            if (lacking - {"Cache-Control"} if operation.path.startswith(KEPT) else lacking) or shared_with:
                wrong.append(f"{operation}: {sorted(lacking)} {shared_with}")
            assert "evil" not in str(answer.headers)
            assert "server" not in answer.headers, "which server answers is nobody's business"

    assert wrong == []
