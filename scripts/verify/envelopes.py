#!/usr/bin/env python3
"""Checks every envelope's signature with securesystemslib, by keys that you trust (*.pem in a folder)."""
import hashlib
import json
import pathlib

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

import export

folder, keys_folder = export.arguments("envelopes.py EXPORT KEYS", 2)
names, keys = {}, []
for path in sorted(pathlib.Path(keys_folder).glob("*.pem")):
    public = load_pem_public_key(path.read_bytes())
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    # The name by which a signature hints at its key; the key itself decides.
    keys.append(SSlibKey.from_crypto(public, keyid="sha256:" + hashlib.sha256(der).hexdigest()))
    names[keys[-1].keyid] = path.name
if not keys:
    export.fail(f"there is no key (*.pem) in {keys_folder}")

checked = 0
for entry in export.read(folder):
    if entry.envelope is None:
        print(f"{entry.index:6}  {entry.field('kind'):20} not in the export")
        continue
    if entry.field("kind") == "log-key":
        print(f"{entry.index:6}  {entry.field('kind'):20} signed by log keys: see log-keys.py")
        continue
    try:
        signers = Envelope.from_dict(json.loads(entry.envelope)).verify(keys, threshold=1)
    except VerificationError:
        export.fail(f"entry {entry.index} is not signed by any of the keys in {keys_folder}")
    checked += 1
    print(f"{entry.index:6}  {entry.field('kind'):20} {', '.join(names[keyid] for keyid in signers)}")
print(f"{checked} envelopes verified")
