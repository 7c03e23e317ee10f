#!/usr/bin/env python3
"""Leads everything in a bundle that was taken apart to its checkpoint: range, receipts, stamped checkpoints.

Nothing but SHA-256 and RFC 9162, section 2.1, is needed; verify the checkpoint's signature first.
"""
import base64
import hashlib
import json
import pathlib

import export


def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def fold(pieces):
    """The root over perfect subtrees (size, hash) that lie beside each other from the first leaf on."""
    stack = []
    for size, digest in pieces:
        while stack and stack[-1][0] == size:
            digest, size = node_hash(stack.pop()[1], digest), 2 * size
        stack.append((size, digest))
    root = stack.pop()[1]
    while stack:
        root = node_hash(stack.pop()[1], root)
    return root


def left_sizes(count):
    """Perfect subtrees of the first so many leaves, largest first."""
    return [1 << bit for bit in reversed(range(count.bit_length())) if count >> bit & 1]


def right_sizes(start, end):
    """Perfect subtrees from a leaf to the tree's end: each as large as fits."""
    sizes = []
    while start < end:
        size = start & -start or 1 << 62
        while start + size > end:
            size //= 2
        sizes.append(size)
        start += size
    return sizes


def inclusion(index, size, digest, proof):
    """The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2)."""
    last = size - 1
    for sibling in proof:
        if last == 0:
            export.fail(f"the proof of entry {index} is too long")
        if index & 1 or index == last:
            digest = node_hash(sibling, digest)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        index, last = index >> 1, last >> 1
    return digest if last == 0 else None


def is_consistent(old, old_root, new, new_root, proof):
    """Whether one tree is the beginning of another (RFC 9162, section 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    proof = ([old_root] if old & (old - 1) == 0 else []) + proof
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    if not proof:
        return False
    before = after = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


(name,) = export.arguments("bundle.py FOLDER", 1)
folder = pathlib.Path(name)
head = export.checkpoint(folder)
signed = (folder / "checkpoint").read_text()
said = json.loads((folder / "bundle.json").read_text())
leaves = {int(path.stem): path.read_bytes() for path in (folder / "entries").glob("*.leaf")}
if (said["origin"], said["size"], said["entries"]) != (head.origin, head.size, len(leaves)):
    export.fail("the bundle is not what it says of itself")

ranged = range(0)
if "range" in said:
    ranged = range(said["range"]["start"], said["range"]["end"])
    lines = [line.split() for line in (folder / "range-proof").read_text().splitlines()[1:]]
    hashes = {side: [base64.b64decode(line[1]) for line in lines if line[0] == side] for side in ("left", "right")}
    sizes = {"left": left_sizes(ranged.start), "right": right_sizes(ranged.stop, head.size)}
    if any(len(hashes[side]) != len(sizes[side]) for side in sizes) or not set(ranged) <= set(leaves):
        export.fail("the range proof has too few or too many hashes, or a leaf of the range is missing")
    pieces = list(zip(sizes["left"], hashes["left"])) + [(1, leaf_hash(leaves[index])) for index in ranged]
    if fold(pieces + list(zip(sizes["right"], hashes["right"]))) != head.root:
        export.fail("the entries of the range do not lead to the root")

for index in sorted(set(leaves) - set(ranged)):
    proof, _, note = (folder / "entries" / f"{index}.tlog-proof").read_text().partition("\n\n")
    version, said_index, *hashes = proof.split("\n")
    if note != signed or version != "c2sp.org/tlog-proof@v1" or said_index != f"index {index}":
        export.fail(f"the receipt of entry {index} is not its own, or of another checkpoint")
    if inclusion(index, head.size, leaf_hash(leaves[index]), [base64.b64decode(line) for line in hashes]) != head.root:
        export.fail(f"the receipt of entry {index} does not lead from its leaf to the root")

stamped = sorted((folder / "timestamps").glob("*.text")) if (folder / "timestamps").exists() else []
for path in stamped:
    old = export.Checkpoint(path.read_text())
    proof = [base64.b64decode(line) for line in path.with_suffix(".consistency").read_text().splitlines()]
    if not is_consistent(old.size, old.root, head.size, head.root, proof):
        export.fail(f"the stamped checkpoint of {old.size} entries is no beginning of this ledger")
print(f"{head.origin}: {len(leaves)} entries, {len(ranged)} of them with nothing left out between them, and {len(stamped)}")
print(f"stamped checkpoints lead to the root {head.root.hex()}")
