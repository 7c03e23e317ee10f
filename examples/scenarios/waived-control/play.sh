# shellcheck shell=bash disable=SC2154
# Sourced by scripts/scenarios while a client asks the version that serves: another one, of which $version
# is the next. $place, $pratique and what a step must say come from there.

waive() { # waive PERSON ARGUMENTS
    "$pratique" waiver grant hipaa.164.312.b --application patient-portal --environment production --days 14 \
        --reason "the test's rig is rebuilt" --measure "the log of each day is read by two people" \
        --owner infra-1 --key "$place/people/$1" --ledger "$place/ledger" "${@:2}"
}
ask() { "$pratique" gate "$version" --environment production --ledger "$place/ledger"; }

told 77 "may not waive" waive dana
told 0 "recorded" waive sol --name other-release --release "$(runs_in_production | awk '{print $3}')"
told 20 "it is for another release" ask
told 0 "recorded" waive sol --name access-log-rig
told 21 "WAIVER" ask

told 0 "approved" approve sol security-official "the waiver is mine, the rest was read" "$version"
told 0 "approved" approve noor clinical-lead "tried on staging with the ward" "$version"
told 0 "WAIVED: " go_on
told 0 "$version" runs_in_production
told 0 "WAIVED" "$pratique" gate explain "$version" --environment production --ledger "$place/ledger"
sed -n 4p "$place/said" | grep -q '^WAIVED ' || echo "the waiver should be shown first" >>"$place/faults"
! grep -q '45 CFR 164.312(b) #' "$place/said" || echo "what is waived should not be listed as met" >>"$place/faults"

told 0 "allowed → refused" "$pratique" gate replay --release "$version" --environment production \
    --as-of "$(in_days 15)" --ledger "$place/ledger"
