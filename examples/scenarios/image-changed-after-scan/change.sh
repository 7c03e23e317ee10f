#!/usr/bin/env bash
# Runs after the scan and before the gate. PRATIQUE_LAYOUT is the folder of the OCI layout that was scanned.
# Adds a layer with one file to the image in it, as somebody would who has write access to the build machine: layer,
# configuration, manifest and index all fit each other, so the image still loads and runs.
set -euo pipefail
: "${PRATIQUE_LAYOUT:?is needed: the folder of the OCI layout}"
exec /usr/bin/python3 - "$PRATIQUE_LAYOUT" <<'PYTHON'
import gzip, hashlib, io, json, os, sys, tarfile

layout = sys.argv[1]


def read(digest):
    with open(os.path.join(layout, "blobs", *digest.split(":")), "rb") as file:
        return json.load(file)


def write(content):
    digest = hashlib.sha256(content).hexdigest()
    with open(os.path.join(layout, "blobs", "sha256", digest), "wb") as file:
        file.write(content)
    return {"digest": "sha256:" + digest, "size": len(content)}


def as_json(value):
    return json.dumps(value, separators=(",", ":")).encode()


with open(os.path.join(layout, "index.json")) as file:
    index = json.load(file)
manifest = read(index["manifests"][0]["digest"])
config = read(manifest["config"]["digest"])

added = io.BytesIO()
with tarfile.open(fileobj=added, mode="w") as archive:
    content = b"# Nobody scanned this file.\n"
    entry = tarfile.TarInfo("usr/lib/python3/dist-packages/unscanned.py")
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
layer = added.getvalue()

config["rootfs"]["diff_ids"].append("sha256:" + hashlib.sha256(layer).hexdigest())
config.setdefault("history", []).append({"created": config.get("created", "1970-01-01T00:00:00Z"), "comment": "changed"})
manifest["config"].update(write(as_json(config)))
kind = "application/vnd.oci.image.layer.v1.tar+gzip"
manifest["layers"].append({"mediaType": kind, **write(gzip.compress(layer, mtime=0))})
before = index["manifests"][0]["digest"]
index["manifests"][0].update(write(as_json(manifest)))
with open(os.path.join(layout, "index.json"), "wb") as file:
    file.write(as_json(index))
print(f"changed the image: {before} became {index['manifests'][0]['digest']}")
PYTHON
