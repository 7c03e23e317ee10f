# Shared by scripts/demo and scripts/scenarios: the hospital, its people, its project, its
# environments. Everything lies in one folder ($place) and on this machine's loopback.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
place=${PRATIQUE_DEMO:-$root/.demo}
pratique=${PRATIQUE_BINARY:-$root/.build/debug/pratique}
seen_layers=${PRATIQUE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pratique}/phi-layers
prefix=pratique-demo-$(printf '%s' "$place" | sha256sum | cut -c1-6)

say() { printf '\n\033[1m%s\033[0m\n' "$*" >&2; }
plain() { printf '%s\n' "$*" >&2; }
fail() { printf 'demo: %s\n' "$*" >&2; exit 1; }
[ -t 2 ] || say() { printf '\n%s\n' "$*" >&2; }

prepare_machine() {
    local tools=${PRATIQUE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/pratique/tools}
    [ -f "$tools/env.sh" ] || fail "run scripts/bootstrap first"
    # shellcheck source=/dev/null
    . "$tools/env.sh"
    [ -x "$pratique" ] || fail "there is no $pratique; run: make build"
    "$root/scripts/base-images" >&2
}

# A port of the loopback address that nobody listens on.
free_ports() {
    /usr/bin/python3 - "$1" <<'PY'
import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in sockets))
PY
}

tear_down() {
    if [ -d "$place/ledger" ] && [ -f "$place/environments.yaml" ]; then
        for environment in production staging; do
            "$pratique" environment down "$environment" --application patient-portal \
                --reason "the demonstration is over" \
                --ledger "$place/ledger" --environments "$place/environments.yaml" \
                >/dev/null 2>&1 || true
        done
    fi
    podman rm --force --time 0 --ignore "$prefix-db-staging" "$prefix-db-production" >/dev/null 2>&1 || true
    podman network rm --force "$prefix" >/dev/null 2>&1 || true
    rm -rf "$place"
}

# People's keys are OpenSSH keys, as they have them for git. Nobody here is real.
make_people() {
    mkdir -p "$place/people"
    local person
    for person in dana sol clio noor ines pia quinn; do
        ssh-keygen -q -t ed25519 -N '' -C "$person@hospital.example" -f "$place/people/$person"
    done
    cp "$root/examples/demo/trust.yaml" "$place/people/trust.yaml"
    printf 'policy: %s\n' "$root/examples/policy/policy.yaml" >>"$place/people/trust.yaml"
}

make_project() {
    mkdir -p "$place/portal"
    cp -r "$root/examples/patient-portal/." "$place/portal"
    find "$place/portal" -name __pycache__ -prune -exec rm -rf {} +
    # What excuses findings of the PHI guard has a last day, and the example is played in later years too.
    sed -i "s/expires: .*/expires: $(date -u -d '1 year' +%F)/" "$place/portal/.pratique/phi-allow.yaml"
    git -C "$place/portal" init -q -b main
    as dana
    commit "The patient portal"
}

# as PERSON: commits of the project are theirs from here on.
as() {
    git -C "$place/portal" config user.name "$1"
    git -C "$place/portal" config user.email "$1@hospital.example"
    git -C "$place/portal" config gpg.format ssh
    git -C "$place/portal" config user.signingkey "$place/people/$1"
}

commit() { # commit MESSAGE [--no-gpg-sign]
    git -C "$place/portal" add -A
    git -C "$place/portal" -c commit.gpgsign=true commit -q --allow-empty "${@:2}" -m "$1"
}

make_feed() { "$root/scripts/make-example-feed" "$place/feed" >&2; }

make_ledger() {
    "$pratique" ledger init --ledger "$place/ledger" --trust "$place/people/trust.yaml"
    # What was seen in the base image's layers by the same rules: reading it takes minutes with a debug build.
    [ ! -d "$seen_layers" ] || { mkdir -m 700 "$place/ledger/phi"; cp -r "$seen_layers" "$place/ledger/phi/layers"; }
}

# keep_layers: what was seen in layers, for the next hospital on this machine.
keep_layers() {
    [ -d "$place/ledger/phi/layers" ] || return 0
    mkdir -p "$seen_layers"
    cp -u "$place/ledger/phi/layers"/*.json "$seen_layers"/
}

# state PERSON ROLE TOPIC TEXT [ARGUMENTS]: a statement with its document, for a year.
state() {
    local document=$place/documents/$3.txt
    printf '%s\n' "$4" >"$document"
    "$pratique" attest statement "$3" --text "$4" --document "$document" --role "$2" \
        --key "$place/people/$1" --expires "$(date -u -d '1 year' +%F)" --ledger "$place/ledger" "${@:5}"
}

# What no run can show and the gate of production requires, its people state (docs/controls.md). The
# hospital is made up, and so is what they state of it; but this machine speaks plain HTTP, and they say so.
make_statements() {
    local today
    today=$(date -u +%F)
    mkdir -p "$place/documents"
    state sol security-official risk-analysis "The risks to the portal and its database were analysed." \
        --fact assets-with-ephi=2 --fact assets-analysed=2 --fact analysed="$today" --fact last-major-change="$today"
    state sol security-official risk-register "One high risk is open, within its date." \
        --fact open-high=1 --fact overdue-high=0
    state sol security-official policy-set "Each standard has its policy; all were reviewed." \
        --fact standards=22 --fact standards-with-policy=22 --fact available-to-staff=yes \
        --fact reviewed="$today" --fact last-major-change="$today"
    state ines infrastructure-lead malware-protection "All machines report to the console." \
        --fact machines=40 --fact machines-protected=40
    state ines infrastructure-lead password-rules "Exported from the identity provider." \
        --fact rules-enforced=yes --fact breached-refused=yes --fact minimum-length=14
    state ines infrastructure-lead system-configuration "Read out of the running systems." \
        --application patient-portal --fact access-by-role=yes --fact stores-with-ephi=1 \
        --fact stores-encrypted=1 --fact key-age-days=20 --fact access-log=on \
        --fact log-retention-days=2200 --fact integrity-checks=on --fact second-factor=yes \
        --fact service-authentication=mutual --fact plaintext-listeners=1
    make_privacy_statements "$today"
    make_quality_statements
    make_scope_statements
}

make_privacy_statements() { # make_privacy_statements TODAY
    state pia privacy-official minimum-necessary "Each search and each scope has its purpose in the list." \
        --application patient-portal --fact scopes=4 --fact scopes-with-purpose=4
    state pia privacy-official records-of-processing "The portal's processing is in the record." \
        --application patient-portal --fact processings=2 --fact processings-recorded=2 \
        --fact with-legal-basis=2 --fact with-erasure-time=2
    state pia privacy-official impact-assessment "The effect of the portal on people was assessed." \
        --application patient-portal --fact assessed="$1" --fact first-live="$1" --fact residual-risk=accepted
    state pia privacy-official breach-register "No incident touched health information." \
        --fact incidents=0 --fact assessed=0 --fact breaches-open=0 --fact proof-kept=yes
    state pia privacy-official personal-data-breach-register "There was no breach of personal data." \
        --fact breaches=0 --fact breaches-documented=0
}

make_quality_statements() {
    state quinn safety-officer safety-class "No failure of the portal can harm a patient: class A." \
        --application patient-portal --fact class=a --fact items=2 --fact items-classified=2 \
        --fact approved-by-risk-management=yes
    state quinn quality-manager system-test-trace "Each requirement has its test." \
        --application patient-portal --fact requirements=12 --fact requirements-tested=12 \
        --fact anomalies=1 --fact anomalies-evaluated=1
    state quinn quality-manager residual-anomalies "One known anomaly, judged acceptable." \
        --application patient-portal --fact anomalies=1 --fact anomalies-evaluated=1 --fact unacceptable=0
    state quinn quality-manager change-control "Each change can be followed from request to test." \
        --application patient-portal --fact changes=3 --fact changes-traced=3
}

# out_of_scope REASON CONTROLS...: what does not apply to the portal, for a year.
out_of_scope() {
    "$pratique" scope out "${@:2}" --application patient-portal --environment production --days 365 \
        --reason "$1" --key "$place/people/sol" --ledger "$place/ledger" | sed -n 1p
}

make_scope_statements() {
    out_of_scope "the portal hands out no de-identified and no limited data set" "hipaa.164.514.*"
    out_of_scope "no model that was trained is part of the portal" "eu.ai-act.*" "fda.gmlp.*" "fda.pccp.*"
    out_of_scope "the portal is no medical device" "fda.524b.*"
}

# The hospital's databases, one an environment; the portal reaches them by name.
start_databases() {
    podman network create "$prefix" >/dev/null
    local environment password
    mkdir -p "$place/secrets"
    chmod 700 "$place/secrets"
    for environment in staging production; do
        password=$(head -c 18 /dev/urandom | base64 | tr '+/' '-_')
        printf 'postgresql://portal:%s@%s-db-%s:5432/portal' "$password" "$prefix" "$environment" \
            >"$place/secrets/$environment-database-url"
        head -c 24 /dev/urandom | base64 | tr -d '\n' >"$place/secrets/$environment-token"
        printf '%s' "$environment" >"$place/secrets/$environment-environment"
        PORTAL_DB_PASSWORD=$password podman run --detach --stop-signal SIGINT --name "$prefix-db-$environment" \
            --network "$prefix" --user postgres --tmpfs /pgdata:rw,mode=1777 --env PORTAL_DB_PASSWORD \
            --volume "$root/examples/patient-portal/ops:/ops:ro" \
            localhost/pratique-base/python-test:bookworm /bin/sh /ops/postgres >/dev/null
    done
    chmod 600 "$place"/secrets/*
    for environment in staging production; do
        for _ in $(seq 100); do
            podman exec "$prefix-db-$environment" /usr/lib/postgresql/15/bin/pg_isready -q -h 127.0.0.1 && break
            sleep 0.2
        done
    done
}

make_environments() {
    local ports
    read -r -a ports <<<"$(free_ports 4)"
    sed -e "s/@STAGING@/${ports[0]}/; s/@FRONT@/${ports[1]}/; s/@BLUE@/${ports[2]}/; s/@GREEN@/${ports[3]}/" \
        -e "s/@NETWORK@/$prefix/" "$root/examples/demo/environments.yaml" >"$place/environments.yaml"
    printf '%s\n' "${ports[1]}" >"$place/front-port"
}

front() { printf 'http://127.0.0.1:%s' "$(cat "$place/front-port")"; }

# shellcheck disable=SC2034  # read by the scripts that source this one
run() { # run [ARGUMENTS]: the exit code in $status
    status=0
    "$pratique" run "$@" --ledger "$place/ledger" --repository "$place/portal" --feed "${feed:-$place/feed}" \
        --environments "$place/environments.yaml" || status=$?
    keep_layers
}

approve() { # approve PERSON ROLE REASON [RELEASE]
    "$pratique" approve "${4:-latest}" --ledger "$place/ledger" --environment production --role "$2" \
        --key "$place/people/$1" --reason "$3"
}

make_hospital() {
    tear_down
    mkdir -p "$place"
    make_people
    make_project
    make_feed
    make_ledger
    make_statements
    start_databases
    make_environments
}
