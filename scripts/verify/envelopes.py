#!/usr/bin/env python3
"""Checks every envelope's signature with securesystemslib, by keys that you trust (*.pem in a folder).

What a person signed with an SSH key (PROTOCOL.sshsig) is checked by ssh-keygen, by the same keys, and
by those that PEM does not know (*.pub)."""
import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

import export

folder, keys_folder = export.arguments("envelopes.py EXPORT KEYS", 2)
names, keys, ssh_keys = {}, [], {}
for path in sorted(pathlib.Path(keys_folder).glob("*.pem")):
    public = load_pem_public_key(path.read_bytes())
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    # The name by which a signature hints at its key; the key itself decides.
    keys.append(SSlibKey.from_crypto(public, keyid="sha256:" + hashlib.sha256(der).hexdigest()))
    names[keys[-1].keyid] = path.name
    ssh_keys[path.name] = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
for path in sorted(pathlib.Path(keys_folder).glob("*.pub")):
    ssh_keys[path.name] = path.read_text().strip()
if not keys:
    export.fail(f"there is no key (*.pem) in {keys_folder}")


def ssh_signers(envelope):
    """The names of the keys that made SSH signatures on the envelope's pre-authentication encoding."""
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"].encode()
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    for signature in envelope["signatures"]:
        value = base64.b64decode(signature["sig"])
        if not value.startswith(b"SSHSIG"):
            continue
        with tempfile.TemporaryDirectory() as work:
            place = pathlib.Path(work)
            body = base64.encodebytes(value).decode()
            (place / "sig").write_text(f"-----BEGIN SSH SIGNATURE-----\n{body}-----END SSH SIGNATURE-----\n")
            for name, key in ssh_keys.items():
                (place / "allowed").write_text(f"signer {key}\n")
                call = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "signer", "-n", "pratique-act@v1", "-s", "sig"]
                if subprocess.run(call, input=message, cwd=work, capture_output=True).returncode == 0:
                    yield name


checked = 0
for entry in export.read(folder):
    if entry.envelope is None:
        print(f"{entry.index:6}  {entry.field('kind'):20} not in the export")
        continue
    if entry.field("kind") == "log-key":
        print(f"{entry.index:6}  {entry.field('kind'):20} signed by log keys: see log-keys.py")
        continue
    envelope = json.loads(entry.envelope)
    signers = list(ssh_signers(envelope))
    try:
        signers += [names[keyid] for keyid in Envelope.from_dict(envelope).verify(keys, threshold=1)]
    except VerificationError:
        if not signers:
            export.fail(f"entry {entry.index} is not signed by any of the keys in {keys_folder}")
    checked += 1
    print(f"{entry.index:6}  {entry.field('kind'):20} {', '.join(signers)}")
print(f"{checked} envelopes verified")
