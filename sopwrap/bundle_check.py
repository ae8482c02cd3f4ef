#!/usr/bin/env python3
"""Checks an exported case without the program that made it: python3 check.py BUNDLE.zip [DIGEST from a paper].

Needs Python's standard library, and ssh-keygen for signatures. Exit codes: 0 whole, 1 something is wrong,
2 signatures could not be checked.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

Members = dict[str, bytes]


def canonical(value: object) -> str:
    """JSON that is the same for the same value, as the ledger writes it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(content: bytes) -> str:
    """The SHA-256 of bytes, hex."""
    return hashlib.sha256(content).hexdigest()


def pack(members: Members) -> bytes:
    """The archive of these members: no times, no compression, so the same members give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, members[name])
    return out.getvalue()


def read(path: Path) -> tuple[Members, list[str]]:
    """The members of a bundle (an archive, or the folder it was unpacked to), and what is wrong with the archive."""
    if path.is_dir():
        return {str(one.relative_to(path)): one.read_bytes() for one in path.rglob("*") if one.is_file()}, []
    content = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        OSError,
        ValueError,
        RuntimeError,
        EOFError,
        LookupError,
    ) as error:
        return {}, [f"The archive cannot be read: {error}."]
    return members, [] if pack(members) == content else ["The archive itself was changed around its members."]


def check_sums(members: Members) -> list[str]:
    """Every member by SHA256SUMS."""
    wanted = "".join(f"{sha256(members[name])}  {name}\n" for name in sorted(members) if name != "SHA256SUMS")
    given = members.get("SHA256SUMS", b"").decode("utf-8", "replace")
    if given == wanted:
        return []
    differ = sorted(set(given.splitlines()) ^ set(wanted.splitlines()))
    return [f"Not as SHA256SUMS says: {', '.join(sorted({line[66:] for line in differ}) or ['its own form'])}."]


def check_chain(lines: list[dict[str, object]], digest: str) -> list[str]:
    """The case's own chain, the digest of every line, and a digest from outside."""
    faults, before = [], "0" * 64
    for line in lines:
        told = {key: line[key] for key in ("at", "case", "data", "kind", "previous", "previous_in_case", "step")}
        if line["previous_in_case"] != before or sha256(canonical(told).encode()) != line["digest"]:
            faults.append(f"Line {line['seq']} was changed, or a line before it is missing.")
        before = str(line["digest"])
    if digest and not any(str(line["digest"]).startswith(digest.lower()) for line in lines):
        faults.append(f"No line has the digest {digest}.")
    return faults


def check_papers(lines: list[dict[str, object]], members: Members) -> tuple[list[str], int]:
    """The PDF files in issued/ are those the ledger tells of; and how many there are."""
    told = {line["data"]["sha256"] for line in lines if line["kind"] in ("paper.issued", "paper.signed")}  # type: ignore[index]
    there = [name for name in members if name.startswith("issued/")]
    return [f"{name} is no paper the ledger tells of." for name in there if sha256(members[name]) not in told], len(
        there
    )


def check_signatures(lines: list[dict[str, object]], allowed: bytes) -> tuple[list[str], int]:
    """Every signed line by allowed_signers, at the time of the line; and how many there are."""
    faults, count = [], 0
    with tempfile.TemporaryDirectory() as folder:
        signers, file = Path(folder, "allowed_signers"), Path(folder, "signature")
        signers.write_bytes(allowed)
        for line in lines:
            data: dict[str, object] = line["data"]  # type: ignore[assignment]
            if "signature" not in data:
                continue
            count += 1
            file.write_text(str(data["signature"]), encoding="utf-8")
            signed = {key: value for key, value in data.items() if key not in ("signature", "key", "clock")}
            message = canonical(
                {key: line[key] for key in ("case", "step", "kind", "previous_in_case")} | {"data": signed}
            )
            moment = str(line["at"])[:19].translate(str.maketrans("", "", "-:T")) + "Z"
            person = str(data["actor"]["id"])  # type: ignore[index]
            words = ["-Y", "verify", "-q", "-f", str(signers), "-I", person, "-n", "sopwrap@ledger"]
            words += ["-s", str(file), "-O", f"verify-time={moment}"]
            if subprocess.run(
                ["ssh-keygen", *words], input=message.encode(), capture_output=True, check=False
            ).returncode:
                faults.append(f"Line {line['seq']}: the signature is not {person}'s, or not over this line.")
    return faults, count


def main(arguments: list[str]) -> int:
    """Check the bundle named and say what was found."""
    members, faults = read(Path(arguments[0]))
    faults += check_sums(members)
    signed, papers, lines, sure = 0, 0, [], True
    try:
        lines = [json.loads(line) for line in members["entries.jsonl"].splitlines()]
        faults += check_chain(lines, arguments[1] if len(arguments) > 1 else "")
        found, papers = check_papers(lines, members)
        faults += found
        if sure := shutil.which("ssh-keygen") is not None:
            found, signed = check_signatures(lines, members["allowed_signers"])
            faults += found
    except (KeyError, ValueError, TypeError) as error:
        faults.append(f"The lines of the case cannot be read: {error!r}.")
    told = [*faults] or [
        f"Whole: {len(lines)} lines, {signed} signatures, {papers} issued papers, {len(members)} files."
    ]
    told += [] if sure else ["Signatures were not checked: there is no ssh-keygen here."]
    sys.stdout.write("\n".join(told) + "\n")
    return 1 if faults else 0 if sure else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) > 1 else main(["."]))
