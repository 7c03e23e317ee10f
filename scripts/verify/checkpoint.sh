#!/usr/bin/env bash
# Checks the log's Ed25519 signature on a checkpoint with openssl alone, and prints what was signed.
# usage: checkpoint.sh CHECKPOINT VKEY      VKEY: a file with the verifier key, name+hash+base64
set -euo pipefail
[ $# -eq 2 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 64; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A note is its text, an empty line, and signature lines: "— name base64(4 bytes of key id, then the signature)".
IFS=+ read -r name hash key <"$2"
sed '/^$/,$d' "$1" >"$work/text"
# Where the log's key changes, the old key and the new one sign the same checkpoint.
: >"$work/signature"
while read -r line; do
    base64 -d <<<"$line" >"$work/line"
    if [ "$(head -c 4 "$work/line" | od -An -tx1 | tr -d ' \n')" = "$hash" ]; then
        tail -c +5 "$work/line" >"$work/signature"
    fi
done < <(grep -F -- "— $name " "$1" | cut -d' ' -f3)
if [ ! -s "$work/signature" ]; then
    echo "the checkpoint is not signed with the key $name+$hash" >&2
    exit 1
fi

# A verifier key is 0x01 and the 32 bytes of the key; openssl wants them behind a fixed DER header (RFC 8410).
{
    printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'
    base64 -d <<<"$key" | tail -c +2
} >"$work/key.der"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key.der" -rawin -in "$work/text" -sigfile "$work/signature" >&2

# The text's first line must be the log's own name.
[ "$(head -1 "$work/text")" = "$name" ] || { echo "the checkpoint is of another log" >&2; exit 1; }
cat "$work/text"
