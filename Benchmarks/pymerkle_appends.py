"""pymerkle_appends.py COUNT FOLDER: appends one by one to pymerkle's SQLite tree; prints appends a second."""
import sys
import time

from pymerkle import SqliteTree

count, folder = int(sys.argv[1]), sys.argv[2]
tree = SqliteTree(f"{folder}/tree.db")
begun = time.monotonic()
for number in range(count):
    tree.append_entry(number.to_bytes(4, "big") * 82)
print(count / (time.monotonic() - begun))
