# Shared by scripts/scenarios: carrying a scenario to the stage that it tests, and playing it.
# shellcheck shell=bash
# shellcheck disable=SC2154  # root, place, status and the hospital come from lib/demo.sh

scenarios=$root/examples/scenarios
met=0
unmet=0

expected() { # expected NAME KEY: a field of scenario.json, dots lead inside; lists one a line
    /usr/bin/python3 - "$scenarios/$1/scenario.json" "$2" <<'PY'
import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("."): value = value.get(key, "") if isinstance(value, dict) else ""
for item in value if isinstance(value, list) else [value]:
    print(*item.values() if isinstance(item, dict) else [item])
PY
}

names_of() { # names_of STAGE...
    local folder name stage
    for stage in "$@"; do
        for folder in "$scenarios"/*/; do
            name=$(basename "$folder")
            [ "$(expected "$name" startsAt)" != "$stage" ] || printf '%s\n' "$name"
        done
    done
}

# --- entering ---------------------------------------------------------------------------------------

# lay NAME: the scenario's change on a branch of its own from the first commit, committed.
lay() {
    local folder=$scenarios/$1 file author
    author=$(expected "$1" author)
    as "${author:-dana}"
    git -C "$place/portal" checkout -q -B "$1" main
    if [ -f "$folder/change.patch" ]; then
        git -C "$place/portal" apply --whitespace=error "$folder/change.patch" ||
            fail "$1: change.patch no longer fits the example"
    fi
    if [ -d "$folder/overlay" ]; then
        while IFS= read -r file; do
            [ ! -e "$place/portal/$file" ] || fail "$1: overlay/$file would replace a file; make it a patch"
        done < <(cd "$folder/overlay" && find . -type f)
        cp -r "$folder/overlay/." "$place/portal/"
    fi
    # One that enters at its source is changed before it is committed; any other when it is played.
    if [ -f "$folder/change.sh" ] && [ "$(expected "$1" startsAt)" = source ]; then
        (cd "$place/portal" && bash "$folder/change.sh") >&2
    fi
    if [ "$(expected "$1" isSigned)" = False ]; then
        commit "$(expected "$1" title)" --no-gpg-sign
    else
        commit "$(expected "$1" title)"
    fi
}

# remember NAME: the latest run and the release that its commit became, for when it is played.
remember() {
    mkdir -p "$place/entered/$1"
    find "$place/ledger/runs" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tail -n 1 >"$place/entered/$1/run"
    git -C "$place/portal" rev-parse HEAD | cut -c1-9 >"$place/entered/$1/version"
}

entered_run() { cat "$place/entered/$1/run"; }
entered_version() { cat "$place/entered/$1/version"; }

waiting_run() { # waiting_run [CODE]: a run of HEAD that waits for approvals, or ends with CODE
    run
    [ "$status" -eq "${1:-21}" ] || fail "the run should end with ${1:-21}, it ended with $status"
}

enter_release() { # a good release that waits for approvals, remembered as "release"
    as dana
    git -C "$place/portal" checkout -q main
    waiting_run
    remember release
}

has_change() { [ -f "$scenarios/$1/change.patch" ] || [ -d "$scenarios/$1/overlay" ]; }

enter() { # enter NAME
    local stage other
    stage=$(expected "$1" startsAt)
    [ "$stage" != source ] || return 0
    if [ "$stage" = gate ] && ! has_change "$1"; then
        # Nothing of its own is in the release: another that waits at the gate will do.
        for other in $(names_of gate) release; do
            [ ! -d "$place/entered/$other" ] || { cp -r "$place/entered/$other" "$place/entered/$1"; return; }
        done
    fi
    say "$(expected "$1" title): as far as the stage before \"$stage\""
    lay "$1"
    if [ "$stage" = scan ]; then
        local log=$place/$1.entry.log
        feed=$place/feed-that-never-came watched_run "$log"
        grep -q ' build/scan FAILED ' "$log" || fail "the run should end at its scan, for want of a feed"
    else
        waiting_run "$(expected "$1" entersWith)"
    fi
    remember "$1"
}

# --- playing ----------------------------------------------------------------------------------------

watched_run() { # watched_run LOG ARGUMENTS: a run whose words are kept; the exit code in $status
    local log=$1
    shift
    run "$@" > >(tee -a "$log" >&2) 2> >(tee -a "$log" >&2)
    sleep 0.2 # the two copies end after the run
}

approve_as_told() { # approve_as_told NAME LOG: the approvals that the scenario names
    local person role
    while read -r person role; do
        [ -z "$person" ] || approve "$person" "$role" "looked at $1" "$(entered_version "$1")" >>"$2" 2>&1 || true
    done < <(expected "$1" approvals)
}

release_entered() { # release_entered NAME: the release that waits goes on to production
    # What happened to it since it waited may have voided approvals, and may have to be done again.
    run --resume --run "$(entered_run "$1")"
    [ "$status" -eq 21 ] || fail "the run should wait for approvals (21), it ended with $status"
    approve sol security-official "scan and access tests reviewed" "$(entered_version "$1")"
    approve noor clinical-lead "tried on staging with the ward" "$(entered_version "$1")"
    run --resume --run "$(entered_run "$1")"
    [ "$status" -eq 0 ] || fail "the run should release, it ended with $status"
}

image_folder() { # image_folder VERSION: the OCI layout of a release
    "$pratique" releases --ledger "$place/ledger" --json | /usr/bin/python3 -c '
import json, sys
print(next(r["release"]["image"]["digest"]["sha256"] for r in json.load(sys.stdin)
           if r["release"]["version"] == sys.argv[1]))' "$1" | sed "s|^|$place/ledger/images/|"
}

watch_serving() { # watch_serving: a client that asks the version that serves, until end_watching
    /usr/bin/python3 "$root/scripts/lib/serving.py" "$(front)/readyz" "$place/serving.stop" >"$place/serving.json" &
    watcher=$!
}

end_watching() { # end_watching: the client's verdict in $served
    touch "$place/serving.stop"
    served=0
    wait "$watcher" || served=$?
    rm -f "$place/serving.stop"
    plain "requests of a client meanwhile: $(cat "$place/serving.json")"
}

play() { # play NAME
    local log=$place/$1.log layout='' kept=$place/kept-image watcher='' served=0
    : >"$log"
    say "$(expected "$1" startsAt): $(expected "$1" title)"
    if [ -f "$scenarios/$1/play.sh" ]; then
        play_told "$1"
        return
    fi
    if [ "$(expected "$1" startsAt)" = source ]; then
        lay "$1"
        watched_run "$log"
        check "$1" "$status" "$log"
        return
    fi
    if [ -f "$scenarios/$1/change.sh" ]; then
        layout=$(image_folder "$(entered_version "$1")")
        cp -r "$layout" "$kept"
        PRATIQUE_LAYOUT=$layout bash "$scenarios/$1/change.sh" >&2
    fi
    if [ -n "$(expected "$1" feedAgeDays)" ]; then
        local feed=$place/old-feed # which run takes
        "$root/scripts/make-example-feed" \
            --date "$(date -u -d "$(expected "$1" feedAgeDays) days ago" +%FT%TZ)" "$feed" >&2
    fi
    approve_as_told "$1" "$log"
    if [ "$(expected "$1" startsAt)" = production ]; then
        watch_serving # the version that serves must serve throughout
    fi
    watched_run "$log" --resume --run "$(entered_run "$1")"
    [ -z "$watcher" ] || end_watching
    if [ -n "$layout" ]; then
        rm -rf "$layout"
        mv "$kept" "$layout"
    fi
    check "$1" "$status" "$log" "$served"
}

# --- step by step, as a scenario's own play.sh tells it ------------------------------------------------

play_told() { # play_told NAME: within play, whose $log and $watcher it takes
    # shellcheck disable=SC2034  # read by play.sh
    local scenario=$1 version
    # shellcheck disable=SC2034
    version=$(entered_version "$1")
    : >"$place/faults"
    [ "$(expected "$1" startsAt)" != production ] || watch_serving
    # shellcheck source=/dev/null
    . "$scenarios/$1/play.sh"
    if [ -n "$watcher" ]; then
        end_watching
        [ "$served" -eq 0 ] || echo "requests were lost" >>"$place/faults"
    fi
    if [ ! -s "$place/faults" ]; then
        plain "met: $1 went as told"
        met=$((met + 1))
    else
        plain "NOT MET: $1: $(cat "$place/faults")"
        unmet=$((unmet + 1))
    fi
}

# told CODE WORDS COMMAND...: the command must end with CODE and say WORDS; of a run, no step before the
# gate of production may be done again.
told() {
    local want=$1 words=$2 ended=0 begun
    shift 2
    "$@" >"$place/said" 2>&1 || ended=$?
    cat "$place/said" >>"$log"
    sed -n '1,24s/^/    /p' "$place/said" >&2 # all of it is in the log
    [ "$ended" -eq "$want" ] || echo "$1 ${2:-} should end with $want, it ended with $ended" >>"$place/faults"
    grep -qF -- "$words" "$place/said" || echo "$1 ${2:-} does not say \"$words\"" >>"$place/faults"
    begun=$(grep -m 1 -E '^[0-9:]{8}  [a-z]+/[a-z]+ begins$' "$place/said" || true)
    [[ -z $begun || $begun == *" production/gate begins" ]] ||
        echo "the first step that began should be production/gate" >>"$place/faults"
}

go_on() { # go_on: the scenario's run goes on; within play.sh
    run --resume --run "$(entered_run "$scenario")"
    return "$status"
}

runs_in_production() { # runs_in_production: what runs where, for told
    "$pratique" environment status --application patient-portal --ledger "$place/ledger" \
        --environments "$place/environments.yaml" | grep '^production '
}

in_days() { date -u -d "+$1 days" +%Y-%m-%dT%H:%M:%SZ; } # in_days N: so many days from now

# pin POLICY: the trust root pins another policy, signed by those whom it asks for.
pin() {
    local person change=$place/change.json
    sed "s|^policy: .*|policy: $1|" "$place/people/trust.yaml" >"$place/people/next.yaml"
    mv "$place/people/next.yaml" "$place/people/trust.yaml"
    "$pratique" trust propose "$place/people/trust.yaml" --to "$change" --ledger "$place/ledger" || return
    for person in sol clio; do
        "$pratique" trust sign "$change" --key "$place/people/$person" || return
    done
    "$pratique" trust apply "$change" --ledger "$place/ledger"
}

# --- checking ---------------------------------------------------------------------------------------

# faults NAME STATUS LOG SERVED: what is not as the scenario says, one a line.
faults() {
    local want refusal stage first begun controls
    want=$(expected "$1" expect.exitCode)
    refusal=$(expected "$1" expect.refusal)
    stage=$(expected "$1" expect.stage)
    [ "$2" -eq "$want" ] || echo "it should end with $want, it ended with $2"
    while IFS= read -r refusal; do
        grep -qF -- "$refusal" "$3" || echo "it does not say \"$refusal\""
    done <<<"$refusal"
    grep -qE -- "^  $stage/[a-z]+ +(failed|waiting|timed out) " "$3" || echo "it was not stopped in the stage \"$stage\""
    case $(expected "$1" startsAt) in
    source) first=source/commit ;;
    scan) first=build/scan ;;
    *) first=production/gate ;;
    esac
    begun=$(grep -m 1 ' begins$' "$3" || true)
    [[ -z $begun || $begun == *" $first begins" ]] || echo "the first step that began should be $first"
    [ "${4:-0}" -eq 0 ] || echo "requests were lost while the old version should have served throughout"
    if grep -q '"unmetControls"' "$scenarios/$1/scenario.json"; then
        controls=$(expected "$1" expect.unmetControls | sort)
        unmet_controls "$1" >"$place/unmet"
        [ "$(sort "$place/unmet")" = "$controls" ] ||
            echo "these required controls are not met: $(tr '\n' ' ' <"$place/unmet"); expected: ${controls:-none}"
    fi
}

unmet_controls() { # unmet_controls NAME: what production's gate requires of the release and does not find met
    { "$pratique" gate "$(entered_version "$1")" --environment production --ledger "$place/ledger" --json 2>/dev/null ||
        true; } | /usr/bin/python3 -c '
import json, sys
decision, _ = json.JSONDecoder().raw_decode(sys.stdin.read())
for control in decision["controls"]:
    if control["isRequired"] and control["state"] != "met": print(control["control"])'
}

check() { # check NAME STATUS LOG [SERVED]: compares with what the scenario says
    local found
    found=$(faults "$@")
    if [ -z "$found" ]; then
        plain "met: $1 ended with $2 and said \"$(expected "$1" expect.refusal | head -n 1)\""
        met=$((met + 1))
    else
        tail -n 40 "$3" >&2
        plain "NOT MET: $1: $found"
        unmet=$((unmet + 1))
    fi
}
