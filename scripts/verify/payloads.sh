#!/usr/bin/env bash
# Checks that each leaf names its envelope by the salted digest:
# SHA-256 of "pratique-payload/v1", a line feed, the salt's 32 bytes and the envelope's bytes.
# usage: payloads.sh EXPORT
set -euo pipefail
[ $# -eq 1 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 64; }

checked=0 erased=0
for leaf in "$1"/*.leaf; do
    entry=${leaf%.leaf}
    if [ ! -e "$entry.dsse.json" ]; then
        erased=$((erased + 1))
        continue
    fi
    digest=$(
        {
            printf 'pratique-payload/v1\n'
            tr -d '\n' <"$entry.salt" | tr a-f A-F | basenc --base16 --decode
            cat "$entry.dsse.json"
        } | sha256sum | cut -d' ' -f1
    )
    if ! grep -qxF "envelope sha256:$digest" "$leaf"; then
        echo "entry $(basename "$entry"): the envelope is not the one that the leaf names" >&2
        exit 1
    fi
    checked=$((checked + 1))
done
[ "$((checked + erased))" -gt 0 ] || { echo "there is no leaf in $1" >&2; exit 1; }
echo "$checked envelopes are those that their leaves name; $erased are not in the export"
