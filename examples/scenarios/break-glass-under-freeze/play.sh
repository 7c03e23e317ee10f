# shellcheck shell=bash disable=SC2154
# Sourced by scripts/scenarios while a client asks the version that serves: another one, of which $version
# is the next. $place, $pratique and what a step must say come from there.

frozen=$place/frozen.yaml
before=$(runs_in_production)
{
    sed "s|\.\./\.\./catalogs|$root/catalogs|" "$root/examples/policy/policy.yaml"
    printf '    freezes:\n      - {from: "%s", to: "%s", zone: Europe/Berlin, reason: the ward moves}\n' \
        "$(date -u -d yesterday +%F)" "$(date -u -d '+3 days' +%F)"
} >"$frozen"
told 0 "version 2" pin "$frozen"

told 0 "approved" approve sol security-official "read the fix" "$version"
told 0 "approved" approve noor clinical-lead "tried on staging with the ward" "$version"
told 20 "is frozen until" go_on

open_gate() { # open_gate PERSON
    "$pratique" break-glass "$version" --environment production --incident wrong-patient-7 --hours 2 \
        --reason "one patient's appointments are shown to another" --key "$place/people/$1" --ledger "$place/ledger"
}
told 77 "may not" open_gate dana
told 0 "recorded" open_gate sol
told 0 "goes on WITHOUT having met policy" go_on
told 0 "BREAK-GLASS" "$pratique" gate explain "$version" --environment production --ledger "$place/ledger"
told 0 "$version" runs_in_production

told 0 "is overdue since" "$pratique" gate replay --release "$version" --environment production \
    --as-of "$(in_days 4)" --ledger "$place/ledger"

told 0 "" "$pratique" environment back production --application patient-portal \
    --reason "the fix shows no appointments at all" --key "$place/people/ines" \
    --ledger "$place/ledger" --environments "$place/environments.yaml"
told 0 "$before" runs_in_production

review() { # review PERSON
    "$pratique" break-glass review wrong-patient-7 --application patient-portal --environment production \
        --reason "justified; a test for it was added since" --key "$place/people/$1" --ledger "$place/ledger"
}
told 77 "" review sol
told 0 "recorded" review noor

told 0 "version 3" pin "$root/examples/policy/policy.yaml"
