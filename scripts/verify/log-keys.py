#!/usr/bin/env python3
"""Follows the log's key from the one that you trust to the one in force, which it prints as a verifier key.

Each change is an entry: a rotation signed by the old key and the new one, or a recovery signed by the new key and so many
of the recovery keys that the trust root names. It says after which entries it stands, and the checkpoint that covers it
is signed by the new key, and in a rotation by the old one too. See docs/formats/log-key.md."""
import base64
import hashlib
import json
import pathlib
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pymerkle import InmemoryTree

import export


class Key:
    """A C2SP verifier key: name, hash, and 0x01 with the 32 bytes of an Ed25519 key."""

    def __init__(self, text):
        self.text = text.strip()
        self.name, self.hash, encoded = self.text.split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        if len(raw) != 33 or raw[0] != 1:
            export.fail(f"{self.text} is no Ed25519 verifier key")
        if hashlib.sha256(self.name.encode() + b"\n" + raw).hexdigest()[:8] != self.hash:
            export.fail(f"the hash of {self.text} is not its own")
        self.key = Ed25519PublicKey.from_public_bytes(raw[1:])

    def signed_note(self, note):
        text, _, lines = note.rpartition("\n\n")
        for line in lines.splitlines():
            dash, name, encoded = line.split(" ", 2)
            signature = base64.b64decode(encoded)
            if dash == "—" and name == self.name and signature[:4].hex() == self.hash:
                return verifies(self.key, signature[4:], (text + "\n").encode())
        return False


def verifies(key, signature, message):
    try:
        key.verify(signature, message)
        return True
    except (InvalidSignature, TypeError):  # TypeError: a key of another kind signs otherwise
        return False


def signed_envelope(envelope, key):
    fields = json.loads(envelope)
    payload, kind = base64.b64decode(fields["payload"]), fields["payloadType"]
    message = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    return any(verifies(key, base64.b64decode(one["sig"]), message) for one in fields["signatures"])


folder, trusted = export.arguments("log-keys.py EXPORT VKEY", 2)
entries = export.read(folder)
tree = InmemoryTree.init_from_entries([entry.leaf for entry in entries], algorithm="sha256")
key = Key(pathlib.Path(trusted).read_text())
used, recovery = {key.text}, None
changes = [entry for entry in entries if entry.field("kind") == "log-key"]
for entry in changes:
    if entry.envelope is None:
        export.fail(f"entry {entry.index}: the change of the log key is not in the export")
# The key that you brought may be a later one: what came before it does not matter.
start = max([entry.index + 1 for entry in changes if entry.statement()["predicate"]["newKey"] == key.text], default=0)
for entry in entries:
    if entry.field("kind") == "trust-root" and entry.envelope:
        recovery = entry.statement()["predicate"].get("recovery")
    if entry.field("kind") != "log-key" or entry.index < start:
        continue

    def check(holds, complaint):
        if not holds:
            export.fail(f"entry {entry.index}: {complaint}")

    salt = bytes.fromhex((pathlib.Path(folder) / f"{entry.index}.salt").read_text().strip())
    digest = hashlib.sha256(b"pratique-payload/v1\n" + salt + entry.envelope).hexdigest()
    check(entry.field("envelope") == f"sha256:{digest}", "the envelope is not the one that the leaf names")
    change = entry.statement()["predicate"]
    check(change["oldKey"] == key.text, "it replaces another key than the one in force")
    new = Key(change["newKey"])
    check(new.name == key.name and new.text not in used, "the new key is of another log, or was in use before")
    after = change["after"]
    check(after["origin"] == key.name, "it is of another log")
    check(after["size"] == entry.index and change["firstSize"] == entry.index + 1, "it was made for another place")
    check(after["root"] == "sha256:" + tree.get_root(entry.index).hex(), "it was made after other entries")
    check(signed_envelope(entry.envelope, new.key), "the new key did not sign it")
    note = (pathlib.Path(folder) / f"{entry.index + 1}.checkpoint").read_text()
    head = export.Checkpoint(note)
    check(
        (head.origin, head.size, head.root) == (key.name, entry.index + 1, tree.get_root(entry.index + 1)),
        "its checkpoint is not of these entries",
    )
    check(new.signed_note(note), "the new key did not sign its checkpoint")
    if change["reason"] == "rotation":
        check(signed_envelope(entry.envelope, key.key), "the old key did not sign it")
        check(key.signed_note(note), "the old key did not sign its checkpoint")
    else:
        check(recovery, "the trust root names no recovery keys")
        keys = {one: load_der_public_key(base64.b64decode(one)) for one in recovery["keys"]}
        count = sum(signed_envelope(entry.envelope, one) for one in keys.values())
        check(count >= recovery["threshold"], f"only {count} recovery keys signed it")
    print(f"entry {entry.index}: {change['reason']}, {change['explanation']}", file=sys.stderr)
    if "trusted" in change and change["trusted"]["size"] < entry.index:
        print(f"  entries {change['trusted']['size']} to {entry.index - 1} count for nothing", file=sys.stderr)
    key = new
    used.add(key.text)
print(key.text)
