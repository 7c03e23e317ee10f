#!/usr/bin/env python3
"""Computes with pymerkle what another program said about a tree, and tells which of its cases differ.

Reads {"leaves": [hex], "cases": [{"size", "root", "inclusion": [{"index", "path"}],
"consistency": [{"old", "path"}], "subtrees": [{"start", "end", "root"}]}]} and prints the places of
the cases that differ as a JSON list.
"""
import json
import sys

from pymerkle import InmemoryTree

with open(sys.argv[1], encoding="utf-8") as file:
    plan = json.load(file)
leaves = [bytes.fromhex(leaf) for leaf in plan["leaves"]]
tree = InmemoryTree.init_from_entries(leaves, algorithm="sha256")


def split(width):
    """The largest power of two below a width (RFC 9162, section 2.1.1)."""
    return 1 << (width - 1).bit_length() - 1


def root(start, end):
    """The root of a range of leaves, which pymerkle computes as that of a tree of their own."""
    if start == 0:
        return tree.get_root(end)
    return InmemoryTree.init_from_entries(leaves[start:end], algorithm="sha256").get_root()


def consistency(old, start, end, known=True):
    """RFC 9162, section 2.1.4.1: pymerkle's own proofs have the same roots in another order."""
    if old == end:
        return [] if known else [root(start, end)]
    middle = start + split(end - start)
    if old <= middle:
        return consistency(old, start, middle, known) + [root(middle, end)]
    return consistency(old, middle, end, False) + [root(start, middle)]


def is_right(case):
    size = case["size"]
    if tree.get_root(size).hex() != case["root"]:
        return False
    for proof in case["inclusion"]:
        # The first hash of pymerkle's path is the leaf's own; its indices begin at one.
        path = tree.prove_inclusion(proof["index"] + 1, size).path[1:]
        if [value.hex() for value in path] != proof["path"]:
            return False
    for proof in case["consistency"]:
        path = consistency(proof["old"], 0, size) if proof["old"] < size else []
        if [value.hex() for value in path] != proof["path"]:
            return False
    return all(root(part["start"], part["end"]).hex() == part["root"] for part in case["subtrees"])


print(json.dumps([place for place, case in enumerate(plan["cases"]) if not is_right(case)]))
