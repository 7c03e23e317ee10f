# shellcheck shell=bash disable=SC2154
# Sourced by scripts/scenarios while a client asks the version that serves: another one, of which $version
# is the next. $place, $pratique and what a step must say come from there.

vex() { # vex PERSON ARGUMENTS
    "$pratique" vex state CVE-2099-10004 --application patient-portal --environment production \
        --package pkg:pypi/legacy-hl7 --justification vulnerable_code_not_in_execute_path --days 14 \
        --reason "no message is read with it" --key "$place/people/$1" --ledger "$place/ledger" "${@:2}"
}
ask() { "$pratique" gate "$version" --environment production --ledger "$place/ledger"; }
recheck() { "$pratique" recheck --feed "$place/advisories" --ledger "$place/ledger" "$@"; }

told 20 "CVE-2099-10004" ask
told 77 "may not excuse" vex dana
told 0 "recorded" vex sol --name hl7-reader
told 21 "VEX  CVE-2099-10004" ask

told 0 "approved" approve sol security-official "the word on the reader is mine, the rest was read" "$version"
told 0 "approved" approve noor clinical-lead "tried on staging with the ward" "$version"
told 0 "run succeeded" go_on
told 0 "$version" runs_in_production
told 0 "NOT AFFECTED" "$pratique" gate explain "$version" --environment production --ledger "$place/ledger"
told 0 "excepted → not-met" "$pratique" gate replay --release "$version" --environment production \
    --as-of "$(in_days 15)" --ledger "$place/ledger"

# What runs, by advisories of today: first by none that it has, then by one that nobody knew of.
mkdir -p "$place/advisories/osv"
printf '{"name":"Pratique example advisories","updatedAt":"%s","example":true,"ecosystems":["Debian:12","PyPI"]}\n' \
    "$(date -u +%FT%TZ)" >"$place/advisories/osv/feed.json"
advisory() { # advisory FIXED-VERSION
    printf '{"id":"CVE-2099-20001","modified":"2026-01-01T00:00:00Z","database_specific":{"severity":"CRITICAL"},"affected":[{"package":{"ecosystem":"PyPI","name":"legacy-hl7"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"%s"}]}]}]}\n' \
        "$1" >"$place/advisories/osv/one.json"
}
advisory 0.1.0
told 0 "passing  patient-portal $version in production" recheck --dry-run
advisory 1.0.0
told 20 "NEWLY FAILING  patient-portal $version in production" recheck
