#!/usr/bin/env python3
"""Shows what each gate's decision (a SLSA verification summary) rests on, and what it left out."""
import hashlib

from pymerkle import InmemoryTree

import export

# What gates and people write about a release is not evidence on it; approvals are named apart.
JUDGEMENTS = {"approval", "decision", "intent", "rollout", "trust-root", "trust-change"}

(folder,) = export.arguments("decisions.py EXPORT", 1)
entries = export.read(folder)
tree = InmemoryTree.init_from_entries([entry.leaf for entry in entries], algorithm="sha256")
# The same statement may be recorded again later: where it stands first is what a decision could have seen.
by_digest = {hashlib.sha256(entry.envelope).hexdigest(): entry for entry in reversed(entries) if entry.envelope}
for entry in entries:
    if entry.field("kind") != "decision" or entry.envelope is None:
        continue
    summary = entry.statement()["predicate"]
    ledger = summary["urn:pratique:decision:v1"]["ledger"]
    print(f"decision #{entry.index}: {summary['verificationResult']} for {summary['resourceUri']}")
    print(f"  policy {summary['policy']['uri']} sha256:{summary['policy']['digest']['sha256']}")
    if ledger["size"] > entry.index or "sha256:" + tree.get_root(ledger["size"]).hex() != ledger["root"]:
        export.fail(f"decision #{entry.index} names another ledger than the first {ledger['size']} entries")
    print(f"  judged the first {ledger['size']} entries, whose root it names")
    taken = set()
    for given in summary["inputAttestations"]:
        found = by_digest.get(given["digest"]["sha256"])
        if found is None or found.index >= ledger["size"]:
            export.fail(f"decision #{entry.index} rests on {given['digest']['sha256']}, which was not there")
        taken.add(found.index)
        print(f"  rests on #{found.index} {found.field('kind')}")
    for other in entries[: ledger["size"]]:
        if other.index not in taken and other.subjects() & entry.subjects() and other.field("kind") not in JUDGEMENTS:
            print(f"  did not ask for #{other.index} {other.field('kind')} on the same subjects")
