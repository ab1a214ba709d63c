"""`dev.py sbom`: what the image is made of, as CycloneDX 1.6, from the lock files alone."""

import argparse
import json
import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.topology import ROOT

Part = dict[str, Any]
LOCKED = re.compile(r"^(?P<name>[\w.-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def document(
    lock: Path = ROOT / "requirements" / "run.txt", pages: Path = ROOT / "package-lock.json"
) -> Part:
    """The bill of materials; the same locks give the same document."""
    parts = sorted([*python_parts(lock), *page_parts(pages)], key=lambda part: part["bom-ref"])
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts, sort_keys=True))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "vardekedjor", "name": "vardekedjor"}},
        "components": parts,
    }


def python_parts(lock: Path) -> Iterator[Part]:
    """Each locked package with the hashes of its files."""
    for entry in re.split(r"\n(?=\S)", lock.read_text()):
        if found := LOCKED.match(entry):
            hashes = [{"alg": "SHA-256", "content": one} for one in HASH.findall(entry)]
            yield _part("pypi", found["name"].lower(), found["version"]) | _of_files(hashes)


def _of_files(hashes: list[Part]) -> Part:
    """One hash is the package's; several are those of its files, one for each platform."""
    files = [{"type": "distribution", "url": "about:blank", "hashes": [one]} for one in hashes]
    return {"externalReferences": files}


def page_parts(lock: Path) -> Iterator[Part]:
    for path, said in json.loads(lock.read_text())["packages"].items():
        if path:
            yield _part("npm", path.rpartition("node_modules/")[2], said["version"])


def _part(kind: str, name: str, version: str) -> Part:
    purl = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def main() -> None:
    """Write it to a file, or to standard output."""
    asked = argparse.ArgumentParser(prog="dev.py sbom")
    asked.add_argument("--out", type=Path)
    out, text = asked.parse_args().out, json.dumps(document(), indent=2) + "\n"
    if out:
        out.write_text(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
