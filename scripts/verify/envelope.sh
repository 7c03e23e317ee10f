#!/usr/bin/env bash
# Checks one DSSE envelope with openssl alone: an Ed25519 signature over the pre-authentication encoding (PAE).
# usage: envelope.sh ENVELOPE KEY      KEY: the signer's public key in PEM
set -euo pipefail
[ $# -eq 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 64; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { grep -o "\"$1\":\"[^\"]*\"" "$2" | head -1 | cut -d'"' -f4; }
type=$(field payloadType "$1")
field payload "$1" | base64 -d >"$work/payload"
field sig "$1" | base64 -d >"$work/signature"

{
    printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(stat -c %s "$work/payload")"
    cat "$work/payload"
} >"$work/pae"
openssl pkeyutl -verify -pubin -inkey "$2" -rawin -in "$work/pae" -sigfile "$work/signature"
