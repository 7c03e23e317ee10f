#!/usr/bin/env python3
"""Reads every statement with in-toto's own definition, which refuses unknown fields, and holds it against its leaf."""
from google.protobuf.json_format import Parse, ParseError
from in_toto_attestation.v1.statement_pb2 import Statement

import export

STANDARD = {
    "test-result": "https://in-toto.io/attestation/test-result/v0.1",
    "provenance": "https://slsa.dev/provenance/v1",
    "decision": "https://slsa.dev/verification_summary/v1",
}

(folder,) = export.arguments("statements.py EXPORT", 1)
checked = 0
for entry in export.read(folder):
    if entry.envelope is None:
        continue
    try:
        statement = Parse(entry.payload().decode(), Statement())
    except ParseError as error:
        export.fail(f"entry {entry.index} is no in-toto statement: {error}")
    kind = entry.field("kind")
    if statement.type != "https://in-toto.io/Statement/v1":
        export.fail(f"entry {entry.index} is of type {statement.type}")
    if statement.predicate_type != STANDARD.get(kind, f"urn:pratique:evidence:{kind}:v1"):
        export.fail(f"entry {entry.index}: the leaf says {kind}, the statement {statement.predicate_type}")
    subjects = {f"{name}:{value}" for subject in statement.subject for name, value in subject.digest.items()}
    if not subjects or subjects != entry.subjects():
        export.fail(f"entry {entry.index}: the leaf has other subjects than the statement")
    checked += 1
print(f"{checked} in-toto statements, each of the kind and on the subjects that its leaf says")
