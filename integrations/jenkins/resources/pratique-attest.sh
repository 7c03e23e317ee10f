#!/bin/sh
# Run by the step pratiqueAttest; everything comes by environment.
set -eu
set -- --application "$PRATIQUE_ATTEST_APPLICATION" --step "$PRATIQUE_ATTEST_STEP"
if [ -n "$PRATIQUE_ATTEST_SUITE" ]; then set -- "$@" --suite "$PRATIQUE_ATTEST_SUITE"; fi
while IFS= read -r report; do
    if [ -n "$report" ]; then set -- "$@" --report "$report"; fi
done <<REPORTS
$PRATIQUE_ATTEST_REPORTS
REPORTS
exec pratique attest "$@" --remove-key -- sh -ec "$PRATIQUE_ATTEST_COMMAND"
