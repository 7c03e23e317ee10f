"""Makes attestations as other systems do, good ones and bad ones, with other people's code: cryptography for the
certificates, the log and the signatures of bundles; securesystemslib for envelopes; openssl for timestamps.

  make-attestations.py FOLDER SUBJECT      SUBJECT: SHA-256 of what the good ones are about, hexadecimal
"""
import base64
import copy
import datetime
import hashlib
import json
import pathlib
import subprocess
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner

FOLDER, SUBJECT = pathlib.Path(sys.argv[1]), sys.argv[2]
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
MINUTE = datetime.timedelta(minutes=1)
ISSUER = "https://token.actions.example"
IDENTITY = "https://forge.example/ward/portal/.github/workflows/release.yml@refs/tags/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"


def b64(data):
    return base64.b64encode(data).decode()


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, text)])


def der(value):
    return value.public_bytes(serialization.Encoding.DER)


def spki(key):
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def sign(key, data):
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def certificate_timestamp(log, signer, issuer, signed):
    """A list of one SCT over what a log sees of a certificate."""
    head = int(NOW.timestamp() * 1000).to_bytes(8, "big")
    message = (b"\0\0" + head + b"\0\1" + hashlib.sha256(spki(issuer)).digest() + len(signed).to_bytes(3, "big")
               + signed + b"\0\0")
    signature = sign(signer, message)
    one = (b"\0" + hashlib.sha256(spki(log)).digest() + head + b"\0\0\4\3" + len(signature).to_bytes(2, "big")
           + signature)
    one = len(one).to_bytes(2, "big") + one
    return len(one).to_bytes(2, "big") + one


def certificate(subject, key, issuer, issuer_key, begin, end, extensions, serial=None):
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
               .serial_number(serial or x509.random_serial_number()).not_valid_before(begin).not_valid_after(end))
    names = [(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
             (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False)]
    for value, critical in names + extensions:
        builder = builder.add_extension(value, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def usage(sign_certificates):
    return x509.KeyUsage(not sign_certificates, False, False, False, False, sign_certificates, sign_certificates,
                         False, False)


class Authority:
    """A root and an intermediate authority."""

    def __init__(self, title):
        begin, end = NOW - 100000 * MINUTE, NOW + 100000 * MINUTE
        root_key, self.key = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP384R1())
        self.name = name(title + " intermediate")
        authority = (x509.BasicConstraints(True, None), True)
        self.root = certificate(name(title), root_key, name(title), root_key, begin, end,
                                [authority, (usage(True), True)])
        self.intermediate = certificate(self.name, self.key, name(title), root_key, begin, end,
                                        [authority, (usage(True), True)])

    def leaf(self, key, begin, end, identity=IDENTITY, issuer=ISSUER, repository="https://forge.example/ward/portal",
             purpose=ExtendedKeyUsageOID.CODE_SIGNING, seen_by=None):
        def claim(number, text):
            data = text.encode()
            assert len(data) < 128
            return (x509.UnrecognizedExtension(
                ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}"), bytes([12, len(data)]) + data), False)
        extensions = [
            (usage(False), True), (x509.ExtendedKeyUsage([purpose]), False),
            (x509.SubjectAlternativeName([x509.UniformResourceIdentifier(identity)]), True),
            claim(8, issuer), claim(12, repository), claim(14, "refs/tags/v1")]
        serial = x509.random_serial_number()
        seen = certificate(x509.Name([]), key, self.name, self.key, begin, end, extensions, serial)
        signer = seen_by or CERTIFICATE_LOG
        list_ = certificate_timestamp(CERTIFICATE_LOG, signer, self.key, seen.tbs_certificate_bytes)
        wrapped = bytes([4, 0x81, len(list_)] if len(list_) > 127 else [4, len(list_)]) + list_
        extensions.append((x509.UnrecognizedExtension(
            ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), wrapped), False))
        return certificate(x509.Name([]), key, self.name, self.key, begin, end, extensions, serial)


class Log:
    """A transparency log, whose tree has one entry before and two after the one that is asked about."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(spki(self.key)).digest()

    def entry(self, body, time, promise=True, checkpoint_key=None):
        data = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        leaf = lambda content: hashlib.sha256(b"\0" + content).digest()
        node = lambda left, right: hashlib.sha256(b"\1" + left + right).digest()
        before, one, two = leaf(b"before"), leaf(b"one"), leaf(b"two")
        root = node(node(before, leaf(data)), node(one, two))
        text = f"log.example - 1\n4\n{b64(root)}\n"
        signature = b64(self.id[:4] + sign(checkpoint_key or self.key, text.encode()))
        entry = {
            "logIndex": "1", "logId": {"keyId": b64(self.id)}, "integratedTime": str(time),
            "kindVersion": {"kind": body["kind"], "version": body["apiVersion"]},
            "inclusionProof": {
                "logIndex": "1", "rootHash": b64(root), "treeSize": "4",
                "hashes": [b64(before), b64(node(one, two))],
                "checkpoint": {"envelope": f"{text}\n\u2014 log.example {signature}\n"}},
            "canonicalizedBody": b64(data)}
        if promise:
            message = json.dumps({"body": b64(data), "integratedTime": time, "logID": self.id.hex(), "logIndex": 1},
                                 sort_keys=True, separators=(",", ":")).encode()
            entry["inclusionPromise"] = {"signedEntryTimestamp": b64(sign(self.key, message))}
        return entry


class Stamper:
    """A time-stamping authority."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        key = ec.generate_private_key(ec.SECP256R1())
        begin, end = NOW - 100000 * MINUTE, NOW + 100000 * MINUTE
        root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = certificate(name("stamps"), root_key, name("stamps"), root_key, begin, end,
                                [(x509.BasicConstraints(True, None), True), (usage(True), True)])
        self.leaf = certificate(name("stamper"), key, name("stamps"), root_key, begin, end, [
            (usage(False), True), (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)])
        (folder / "tsa.pem").write_bytes(self.leaf.public_bytes(serialization.Encoding.PEM))
        (folder / "key.pem").write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        (folder / "serial").write_text("01\n")
        (folder / "conf").write_text(
            f"[tsa]\nserial={folder}/serial\nsigner_cert={folder}/tsa.pem\nsigner_key={folder}/key.pem\n"
            "signer_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\ness_cert_id_chain=no\n"
            "ess_cert_id_alg=sha256\n")

    def stamp(self, data):
        (self.folder / "data").write_bytes(data)
        run = lambda *words: subprocess.run(["openssl", "ts", *words], check=True, cwd=self.folder,
                                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        run("-query", "-data", "data", "-sha256", "-cert", "-out", "q.tsq")
        run("-reply", "-config", "conf", "-section", "tsa", "-queryfile", "q.tsq", "-out", "r.tsr")
        return (self.folder / "r.tsr").read_bytes()


def statement(subject=SUBJECT, kind=PROVENANCE, predicate=None, version="v1"):
    return {"_type": f"https://in-toto.io/Statement/{version}",
            "subject": [{"name": "image", "digest": {"sha256": subject}}], "predicateType": kind,
            "predicate": predicate if predicate is not None else {
                "buildDefinition": {"buildType": "https://forge.example/build/v1", "externalParameters": {}},
                "runDetails": {"builder": {"id": "https://forge.example/runner"},
                               "metadata": {"invocationId": "https://forge.example/runs/7"}}}}


def pae(payload):
    kind = b"application/vnd.in-toto+json"
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


CERTIFICATE_LOG = ec.generate_private_key(ec.SECP256R1())
AUTHORITY, STRANGER, LOG, STAMPER = Authority("forge"), Authority("forge"), Log(), Stamper(FOLDER / "tsa")


def bundle(payload=None, authority=AUTHORITY, begin=NOW - MINUTE, end=NOW + 9 * MINUTE, log=LOG, body_version=1,
           promise=True, stamp=False, time=None, checkpoint_key=None, **leaf):
    payload = payload if payload is not None else json.dumps(statement()).encode()
    key = ec.generate_private_key(ec.SECP256R1())
    certificate_ = authority.leaf(key, begin, end, **leaf)
    signature = sign(key, pae(payload))
    pem = certificate_.public_bytes(serialization.Encoding.PEM)
    digest = hashlib.sha256(payload)
    bodies = {
        1: {"apiVersion": "0.0.1", "kind": "dsse", "spec": {
            "envelopeHash": {"algorithm": "sha256", "value": "0" * 64},
            "payloadHash": {"algorithm": "sha256", "value": digest.hexdigest()},
            "signatures": [{"signature": b64(signature), "verifier": b64(pem)}]}},
        2: {"apiVersion": "0.0.2", "kind": "dsse", "spec": {"dsseV002": {
            "payloadHash": {"algorithm": "SHA2_256", "digest": b64(digest.digest())},
            "signatures": [{"content": b64(signature), "verifier": {
                "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                "x509Certificate": {"rawBytes": b64(der(certificate_))}}}]}}},
    }
    material = {"certificate": {"rawBytes": b64(der(certificate_))}, "tlogEntries": []}
    if log:
        material["tlogEntries"] = [
            log.entry(bodies[body_version], time or int(NOW.timestamp()), promise, checkpoint_key)]
    if stamp:
        material["timestampVerificationData"] = {
            "rfc3161Timestamps": [{"signedTimestamp": b64(STAMPER.stamp(signature))}]}
    return {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": material,
            "dsseEnvelope": {"payload": b64(payload), "payloadType": "application/vnd.in-toto+json",
                             "signatures": [{"sig": b64(signature)}]}}


def write(file, value):
    text = value if isinstance(value, str) else json.dumps(value)
    (FOLDER / file).write_text(text)


def changed(value, change):
    value = copy.deepcopy(value)
    change(value)
    return value


def entry_of(value):
    return value["verificationMaterial"]["tlogEntries"][0]


def trusted_root():
    valid = {"start": (NOW - 100000 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ")}
    chain = lambda *all: {"certificates": [{"rawBytes": b64(der(one))} for one in all]}
    return {"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "ctlogs": [{"baseUrl": "https://seen.example", "hashAlgorithm": "SHA2_256", "logId": {"keyId": b64(hashlib.sha256(spki(CERTIFICATE_LOG)).digest())},
                        "publicKey": {"rawBytes": b64(spki(CERTIFICATE_LOG)),
                                      "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": valid}}],
            "tlogs": [{"baseUrl": "https://log.example", "hashAlgorithm": "SHA2_256", "logId": {"keyId": b64(LOG.id)},
                       "publicKey": {"rawBytes": b64(spki(LOG.key)), "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                                     "validFor": valid}}],
            "certificateAuthorities": [{"subject": {"organization": "forge", "commonName": "forge"}, "uri": "https://ca.example", "validFor": valid,
                                        "certChain": chain(AUTHORITY.intermediate, AUTHORITY.root)}],
            "timestampAuthorities": [{"subject": {"organization": "forge", "commonName": "forge"}, "validFor": valid,
                                      "certChain": chain(STAMPER.leaf, STAMPER.root)}]}


def bundles():
    good = bundle()
    write("trusted-root.json", trusted_root())
    write("good.json", good)
    write("good-v2.json", bundle(json.dumps(statement(predicate={"a": 2})).encode(), body_version=2, promise=False,
                                 stamp=True))
    write("good-stamped.json", bundle(json.dumps(statement(predicate={"a": 3})).encode(), log=None, stamp=True))
    write("bad-subject.json", bundle(json.dumps(statement("0" * 64)).encode()))
    write("bad-identity.json", bundle(identity=IDENTITY.replace("/ward/", "/evil/")))
    write("bad-issuer.json", bundle(issuer=ISSUER + "/other"))
    write("bad-claim.json", bundle(repository="https://forge.example/ward/portal-fork"))
    write("bad-expired.json", bundle(begin=NOW - 30 * MINUTE, end=NOW - 20 * MINUTE))
    write("bad-early.json", bundle(time=int((NOW - 30 * MINUTE).timestamp())))
    write("bad-authority.json", bundle(authority=STRANGER))
    write("bad-purpose.json", bundle(purpose=ExtendedKeyUsageOID.SERVER_AUTH))
    write("bad-log.json", bundle(log=Log()))
    write("bad-no-log.json", bundle(log=None, stamp=True))
    write("bad-unseen.json", bundle(seen_by=ec.generate_private_key(ec.SECP256R1())))
    write("bad-no-time.json", bundle(promise=False))
    write("bad-checkpoint.json", bundle(checkpoint_key=ec.generate_private_key(ec.SECP256R1())))
    payload = base64.b64decode(good["dsseEnvelope"]["payload"]).replace(b"runs/7", b"runs/8")
    write("bad-payload.json", changed(good, lambda b: b["dsseEnvelope"].update(payload=b64(payload))))
    write("bad-promise.json", changed(good, lambda b: entry_of(b).update(
        integratedTime=str(int(NOW.timestamp()) + 1))))
    write("bad-proof.json", changed(good, lambda b: entry_of(b)["inclusionProof"]["hashes"].reverse()))
    other = bundle()
    write("bad-entry.json", changed(good, lambda b: b["verificationMaterial"].update(
        tlogEntries=other["verificationMaterial"]["tlogEntries"])))
    write("bad-two-signatures.json", changed(good, lambda b: b["dsseEnvelope"]["signatures"].append({"sig": "AAAA"})))
    write("bad-duplicate.json", json.dumps(good).replace('"dsseEnvelope"', '"dsseEnvelope": {}, "dsseEnvelope"', 1))
    twice = json.dumps(statement()).replace('"predicateType"', '"predicateType": "x:y", "predicateType"', 1)
    write("bad-duplicate-inside.json", bundle(twice.encode()))
    write("bad-version.json", changed(good, lambda b: b.update(
        mediaType="application/vnd.dev.sigstore.bundle+json;version=0.1")))
    write("bad-predicate.json", bundle(json.dumps(statement(kind="https://example.org/other/v1")).encode()))


def envelopes():
    signer, stranger = CryptoSigner.generate_ecdsa(), CryptoSigner.generate_ecdsa()
    (FOLDER / "signer.pem").write_text(signer.public_key.keyval["public"])

    def signed(value, by=signer):
        envelope = Envelope(json.dumps(value).encode(), "application/vnd.in-toto+json", {})
        envelope.sign(by)
        return envelope.to_dict()

    witness = statement(kind="https://witness.testifysec.com/attestation-collection/v0.1", version="v0.1", predicate={
        "name": "build", "attestations": [{"type": "https://witness.dev/attestations/git/v0.1", "attestation": {}},
                                          {"type": "https://witness.dev/attestations/command-run/v0.1",
                                           "attestation": {"exitcode": 0}}]})
    witness["subject"].append({"name": "https://witness.dev/attestations/git/v0.1/commithash:" + "a" * 40,
                               "digest": {"sha1": "a" * 40}})
    witness["subject"].append({"name": "x", "digest": {"gitoid:sha1": "gitoid:blob:sha1:" + "b" * 40}})
    write("witness.json", signed(witness))
    write("chainloop.json", signed(statement(kind="chainloop.dev/attestation/v0.2", predicate={
        "metadata": {"name": "release", "project": "portal", "workflowRunID": "r-1"}, "runnerType": "JENKINS_JOB"})))
    tekton = statement(kind="https://slsa.dev/provenance/v0.2", version="v0.1", predicate={
        "buildType": "tekton.dev/v1beta1/TaskRun", "builder": {"id": "https://tekton.dev/chains/v2"},
        "metadata": {"buildFinishedOn": "2026-06-01T12:00:00Z"}})
    write("tekton.json", signed(tekton))
    write("lines.jsonl", "".join(
        json.dumps(signed(statement(predicate={"line": number}))) + "\n" for number in range(2)))
    write("bad-stranger.json", signed(tekton, stranger))
    write("bad-type.json", changed(signed(tekton), lambda e: e.update(payloadType="application/json")))
    write("bad-hdf.json", {"platform": {"name": "x"}, "version": "1", "profiles": [], "statistics": {}})
    write("bad-cut.json", json.dumps(signed(tekton))[:-9])


bundles()
envelopes()
