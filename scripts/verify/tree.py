#!/usr/bin/env python3
"""Builds the tree from the leaves with pymerkle: same root, and every receipt leads from its leaf to it."""
import base64
import pathlib

from pymerkle import InmemoryTree, InvalidProof
from pymerkle.proof import InclusionProof

import export

(folder,) = export.arguments("tree.py EXPORT", 1)
entries = export.read(folder)
head = export.checkpoint(folder)
tree = InmemoryTree.init_from_entries([entry.leaf for entry in entries], algorithm="sha256")
if len(entries) != head.size:
    export.fail(f"the checkpoint covers {head.size} entries, the export has {len(entries)}")
if tree.get_root() != head.root:
    export.fail("the leaves lead to another root than the checkpoint's")


def inclusion(index, size, leaf_hash, siblings):
    """An RFC 6962 proof as pymerkle takes it: it counts from one, and wants each sibling's side (1: left)."""
    inner = (index ^ (size - 1)).bit_length()
    sides = [index >> bit & 1 for bit in range(inner)] + [1] * (len(siblings) - inner) + [0]
    return InclusionProof("sha256", True, size, index + 1, sides, [leaf_hash] + siblings)


signed = (pathlib.Path(folder) / "checkpoint").read_text()
for entry in entries:
    proof, _, note = entry.receipt.partition("\n\n")
    version, index, *hashes = proof.split("\n")
    if note != signed:
        export.fail(f"the receipt of entry {entry.index} has another checkpoint than the export")
    if version != "c2sp.org/tlog-proof@v1" or index != f"index {entry.index}":
        export.fail(f"the receipt of entry {entry.index} is not its own")
    leaf_hash = tree.hash_buff(entry.leaf)
    siblings = [base64.b64decode(line) for line in hashes]
    try:
        inclusion(entry.index, head.size, leaf_hash, siblings).verify(
            leaf_hash, head.root, index=entry.index + 1, size=head.size
        )
    except InvalidProof:
        export.fail(f"the receipt of entry {entry.index} does not lead from its leaf to the root")
print(f"{head.origin}: {head.size} leaves and receipts lead to the root {head.root.hex()}")
