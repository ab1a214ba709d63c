"""The files that pages load: our own and the few vendored ones, each at an address that holds its hash."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / "node_modules"

FILES: Mapping[str, Path] = {
    "pages.css": HERE / "static" / "pages.css",
    "live.js": HERE / "static" / "live.js",
    "invitation.js": HERE / "static" / "invitation.js",
    "vendor/htmx.js": MODULES / "htmx.org" / "dist" / "htmx.min.js",
    "vendor/designsystemet.css": MODULES / "@digdir" / "designsystemet-css" / "dist" / "src" / "index.css",
    "vendor/theme.css": MODULES
    / "@digdir"
    / "designsystemet-theme"
    / "src"
    / "themes"
    / "designsystemet.css",
}
"""Name in a template, and the file; nothing else of ``node_modules`` is served."""

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in memory, plain and compressed."""

    address: str
    media_type: str
    body: bytes
    packed: bytes


class Assets:
    """All files by the address they are served at."""

    def __init__(self, files: Mapping[str, Path] = FILES) -> None:
        """Read every file; one that is missing stops the start."""
        self._by_name = {name: _load(name, path) for name, path in files.items()}
        self._by_address = {asset.address: asset for asset in self._by_name.values()}

    def address(self, name: str) -> str:
        """Where the file named ``name`` is served, its hash included."""
        return f"/static/{self._by_name[name].address}"

    async def serve(self, request: Request) -> Response:
        """Answer with a file, or 404."""
        asset = self._by_address.get(request.path_params["address"])
        if asset is None:
            raise HTTPException(404)
        headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(asset.body, media_type=asset.media_type, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(asset.packed, media_type=asset.media_type, headers=headers)


def _load(name: str, path: Path) -> Asset:
    body = path.read_bytes()
    stem, dot, ending = name.rpartition(".")
    address = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}{dot}{ending}"
    return Asset(address, TYPES[dot + ending], body, gzip.compress(body, mtime=0))
