"""What all scripts here need: the entries of an export, in the ledger's order."""
import base64
import json
import pathlib
import sys


class Entry:
    def __init__(self, leaf_path):
        self.index = int(leaf_path.stem)
        self.leaf = leaf_path.read_bytes()
        self.fields = [line.split(" ", 1) for line in self.leaf.decode().splitlines()[1:]]
        self.receipt = leaf_path.with_suffix(".tlog-proof").read_text()
        path = leaf_path.with_name(f"{self.index}.dsse.json")
        self.envelope = path.read_bytes() if path.exists() else None  # None: not exported, or erased

    def field(self, name):
        return next(value for key, value in self.fields if key == name)

    def subjects(self):
        return {value for key, value in self.fields if key == "subject"}

    def payload(self):
        return base64.b64decode(json.loads(self.envelope)["payload"])

    def statement(self):
        return json.loads(self.payload())


class Checkpoint:
    def __init__(self, text):
        origin, size, root = text.split("\n")[:3]
        self.origin, self.size, self.root = origin, int(size), base64.b64decode(root)


def read(folder):
    """All entries; fails when there is none, or one is missing."""
    entries = sorted(map(Entry, pathlib.Path(folder).glob("*.leaf")), key=lambda entry: entry.index)
    if not entries or [entry.index for entry in entries] != list(range(len(entries))):
        fail("the export has no leaves, or some are missing")
    return entries


def checkpoint(folder):
    return Checkpoint((pathlib.Path(folder) / "checkpoint").read_text())


def fail(message):
    sys.exit(f"WRONG: {message}")


def arguments(usage, count):
    if len(sys.argv) != count + 1:
        print(f"usage: {usage}", file=sys.stderr)
        sys.exit(64)
    return sys.argv[1:]
