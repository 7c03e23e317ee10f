#!/usr/bin/env python3
"""Measures and writes RESULTS.md, part by part: a part that was measured is written when it is done, in the place of
its last figures; the others stay. Ratios count; seconds are only those of one machine on one day."""
import argparse
import datetime
import os
import pathlib
import platform
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

from peers import Peers

parser = argparse.ArgumentParser()
parser.add_argument("--build", required=True)
parser.add_argument("--tools", required=True)
parser.add_argument("--quick", action="store_true", help="fewer repetitions, smaller ledgers; writes no file")
parser.add_argument("--only", choices=["steps", "start", "ledger", "verify", "audit", "postgresql"], help="one part")
parser.add_argument("--large", action="store_true", help="also a ledger of ten million entries: minutes and gigabytes")
options = parser.parse_args()
here = pathlib.Path(__file__).resolve().parent
lines = []


def say(text=""):
    print(text, flush=True)
    lines.append(text)


def timed(work):
    """Wall seconds, and processor seconds of the processes that the work started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    work()
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def least(repetitions, *works):
    """The works in turn, and each one's least wall and processor time: what other programs add is left out."""
    taken = [[] for _ in works]
    for _ in range(repetitions):
        for place, work in enumerate(works):
            taken[place].append(timed(work))
    return [tuple(min(part) for part in zip(*runs)) for runs in taken]


def part(name, title, measure):
    """Measures a part and puts it into RESULTS.md, between its own marks."""
    if options.only not in (None, name):
        return
    lines.clear()
    load = os.getloadavg()[0]
    say(f"## {title}\n")
    say(f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC, load average {load:.1f} when it began.\n")
    measure()
    if not options.quick:
        write(name, "\n".join(lines).rstrip())


def write(name, text):
    """What stands between a part's marks, in RESULTS.md; a part that was never there comes last."""
    path = here / "RESULTS.md"
    old = path.read_text() if path.exists() else ""
    begin, end = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->\n"
    new = begin + text + end
    if begin in old and end in old:
        before, rest = old.split(begin, 1)
        old = before + new + rest.split(end, 1)[1]
    else:
        old = old.rstrip("\n") + "\n\n" + new if old.strip() else new
    beside = path.with_suffix(".part")
    beside.write_text(old)
    beside.replace(path)


def machine():
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    memory = int(open("/proc/meminfo").readline().split()[1]) // 1024
    say(f"- {model}, {os.cpu_count()} processors, {memory} MiB, Linux {platform.release()}, {platform.machine()}")
    for words in (["swift", "--version"], ["make", "--version"], ["git", "--version"], ["sqlite3", "--version"]):
        if shutil.which(words[0]):
            text = subprocess.run(words, capture_output=True, text=True).stdout.splitlines()
            say(f"- {words[0]}: {next((line for line in text if line), 'unknown')}")


def steps(peers):
    say("Steps that do nothing (`sh -c 'true;:'`), with no needs among them. pratique exports the commit, runs each step")
    say("in a process group of its own, signs a statement for each, and commits it durably before the step counts as done.")
    say("make only starts the shells. in-toto-run signs and writes one link a step, one process a step, not flushed to disk.")
    say("Each figure is the least of several runs; pratique and make run in turn.\n")
    counts = [10, 100] if options.quick else [10, 100, 1000]
    recorded = 0
    for jobs, word in ((1, "serial"), (2, "two at a time")):
        sample = 4 * jobs
        (toto, toto_cpu), = least(3 if options.quick else 5, lambda: peers.run_in_toto(sample, jobs))
        toto, toto_cpu = toto / sample, toto_cpu / sample
        say(f"### {word}\n")
        say(f"in-toto-run: {1000 * toto:.0f} ms a step ({1000 * toto_cpu:.0f} ms of processor time), measured on {sample} steps;")
        say("it has no cost of its own for a whole run, so the columns multiply that by the number of steps.\n")
        say(f"| steps | pratique run | a step | make -j{jobs} | pratique / make | in-toto-run, multiplied | in-toto-run / pratique |")
        say("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        found = {}
        for count in counts:
            place = peers.prepare(count, "true;:")
            repetitions = 3 if count == 1000 else 7
            ours, make = least(repetitions, lambda: peers.run_pratique(place, jobs), lambda: peers.run_make(place, jobs))
            recorded += repetitions * count
            found[count] = ours + make
            say(
                f"| {count} | {ours[0]:.3f} s | {1000 * ours[0] / count:.2f} ms | {make[0]:.3f} s | {ours[0] / make[0]:.1f} "
                f"| {toto * count:.1f} s | {toto * count / ours[0]:.0f} |"
            )
        few, many = counts[0], counts[-1]
        wall, cpu, make, make_cpu = [(more - less) / (many - few) for less, more in zip(found[few], found[many])]
        say(
            f"\nOne step more costs pratique {1000 * wall:.2f} ms ({1000 * cpu:.2f} ms of processor time) and make "
            f"{1000 * make:.2f} ms ({1000 * make_cpu:.2f} ms): {wall / make:.1f} times make in time, {cpu / make_cpu:.1f} in "
            f"work, and 1/{toto / wall:.0f} of in-toto-run in time, 1/{toto_cpu / cpu:.0f} in work. A run costs "
            f"{1000 * (found[few][0] - few * wall):.0f} ms besides its steps: starting, opening the ledger, git, the export.\n"
        )
    place = peers.prepare(100, "echo $$ $PRATIQUE_RUN_COOKIE")
    ours, make = least(5, lambda: peers.run_pratique(place, 2), lambda: peers.run_make(place, 2))
    recorded += 500
    say(f"100 steps that print a line each, two at a time: pratique {ours[0]:.3f} s, make {make[0]:.3f} s, so")
    say(f"{ours[0] / make[0]:.1f} times make; each log is kept as a blob of its own, flushed to disk with its folder.\n")
    if peers.steps_recorded() != recorded:
        raise SystemExit(f"the ledger holds {peers.steps_recorded()} steps, {recorded} ran")
    say(f"Afterwards `pratique ledger verify` checked the ledger: all {recorded} steps are in it.\n")


def link_statically(build, command):
    """The same objects linked with Swift's run-time libraries inside; whether that worked."""
    objects = pathlib.Path(build).resolve() / "pratique.product" / "Objects.LinkFileList"
    libraries = "Foundation FoundationEssentials FoundationInternationalization CoreFoundation _FoundationCShims"
    libraries += " _FoundationCollections _FoundationICU dispatch BlocksRuntime"
    words = ["swiftc", "-static-stdlib", f"@{objects}", "-o", str(command), "-lsqlite3", "-lstdc++"]
    for word in ("--defsym=main=pratique_main", "--gc-sections", "--start-group"):
        words += ["-Xlinker", word]
    words += [f"-l{name}" for name in libraries.split()] + ["-Xlinker", "--end-group", "-Xlinker", "--strip-all"]
    return subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def start(peers, build):
    stripped, static = peers.folder / "stripped", peers.folder / "static"
    subprocess.run(["strip", "-o", stripped, peers.pratique], check=True)
    commands = {
        "pratique --version": [peers.pratique, "--version"],
        "pratique ledger show": [peers.pratique, "ledger", "show"],
    }
    has_static = link_statically(build, static)
    if has_static:
        commands["the same, linked statically: --version"] = [static, "--version"]
        commands["the same, linked statically: ledger show"] = [static, "ledger", "show"]
    commands |= {
        "git --version": ["git", "--version"],
        "python3 -c pass": ["python3", "-c", "pass"],
        "in-toto-run --version": [peers.in_toto, "--version"],
    }
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "env": peers.environment}
    works = [lambda words=words: subprocess.run(words, **quiet) for words in commands.values()]
    taken = least(7 if options.quick else 21, *works)
    say("| command | wall | processor | beside pratique --version |\n| --- | ---: | ---: | ---: |")
    for name, (wall, cpu) in zip(commands, taken):
        say(f"| {name} | {1000 * wall:.1f} ms | {1000 * cpu:.1f} ms | {wall / taken[0][0]:.2f} |")
    mebibytes = lambda path: f"{os.path.getsize(path) / 2**20:.1f} MiB"
    say(f"\nThe command is {mebibytes(peers.pratique)}, stripped {mebibytes(stripped)}, beside Swift's run-time libraries;")
    say(f"with them inside, stripped, {mebibytes(static)}.\n" if has_static else "linking them in did not work here.\n")


def ledger(peers, build):
    say("One by one, each flushed to disk before the next begins; the same rows into bare SQLite (write-ahead log,")
    say("synchronous=FULL) without hashing, signing or proving anything; pymerkle's SQLite tree. The best of seven turns.\n")
    bench = str(pathlib.Path(build).resolve() / "LedgerBench")
    count = 200 if options.quick else 1000
    ours = "pratique's ledger"
    rates = {"bare SQLite": [], ours: [], f"{ours}, 64 at once": [], "pymerkle": []}
    for _ in range(3 if options.quick else 7):
        for name, mode in zip(rates, ("sqlite", "ledger", "batch")):
            with tempfile.TemporaryDirectory(dir=peers.folder) as folder:
                seconds = float(subprocess.run([bench, mode, str(count), folder], check=True, capture_output=True).stdout)
                rates[name].append(count / seconds)
        with tempfile.TemporaryDirectory(dir=peers.folder) as folder:
            words = [f"{options.tools}/verifiers/bin/python", str(here / "pymerkle_appends.py"), str(count // 5), folder]
            rates["pymerkle"].append(float(subprocess.run(words, check=True, capture_output=True).stdout))
    best = {name: max(found) for name, found in rates.items()}
    say("| store | appends a second | median | beside bare SQLite |\n| --- | ---: | ---: | ---: |")
    for name, found in rates.items():
        say(f"| {name} | {best[name]:.0f} | {statistics.median(found):.0f} | {best[name] / best['bare SQLite']:.2f} |")
    say(f"\nOne by one it makes {best[ours] / best['pymerkle']:.1f} times the appends of pymerkle.\n")


def verification(peers, build):
    bench = str(pathlib.Path(build).resolve() / "LedgerBench")
    cores = os.cpu_count()

    def ask(*words):
        words = [bench, *map(str, words)]
        return [float(word) for word in subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()]

    def best(repetitions, *works):
        """The works in turn; of each the answer that took least time."""
        answers = [[work() for work in works] for _ in range(repetitions)]
        return [min(found, key=lambda answer: answer[0]) for found in zip(*answers)]

    say("Ledgers filled at once, a thousand entries a commit: real leaves and tree hashes, each envelope signed (those of")
    say("ten million entries have payloads of sixty bytes that nobody signed). The limit is the same machine that hashes, or")
    say("verifies Ed25519 signatures of, inputs of the same number and sizes that lie in its memory, and does nothing else:")
    say("for each entry the salted payload, the leaf and one interior node. Measured in turn in the same run, the best of")
    say(f"several. Verification uses all cores ({cores} here); processor time is that of all of them together.\n")
    counts = [10_000, 100_000] + ([] if options.quick else [1_000_000]) + ([10_000_000] if options.large else [])
    hashes, signatures, sizes, proofs = [], [], [], []
    for count in counts:
        with tempfile.TemporaryDirectory(dir=peers.folder) as folder:
            is_tiny = count > 1_000_000
            begun = time.monotonic()
            subprocess.run([bench, "build-tiny" if is_tiny else "build", str(count), folder], check=True, stdout=subprocess.DEVNULL)
            print(f"(built {count} entries in {time.monotonic() - begun:.0f} s)", flush=True)
            size = sum(os.path.getsize(path) for path in pathlib.Path(folder).rglob("*") if path.is_file())
            name = f"{count:,}" + (" (tiny)" if is_tiny else "")
            sizes.append(f"| {name} | {size / 2**20:,.0f} MiB | {size / count:,.0f} |")
            ours, one, all_cores = best(
                3 if is_tiny else 5,
                lambda: ask("verify-hashes", folder)[1:],
                lambda: ask("hash-limit", 1, count, folder),
                lambda: ask("hash-limit", cores, count, folder),
            )
            hashes.append(
                f"| {name} | {ours[0]:.2f} s | {1e6 * ours[0] / count:.2f} µs | {one[0] / ours[0]:.2f} | {all_cores[0] / ours[0]:.2f} "
                f"| {one[1] / ours[1]:.2f} | {ours[2] / 1024:.0f} MiB |"
            )
            if not is_tiny:
                few = min(count, 50_000)
                ours, limit = best(
                    1 if count > 100_000 else 3,
                    lambda: ask("verify", folder)[1:],
                    lambda: [value * count / few for value in ask("signature-limit", cores, few, folder)],
                )
                signatures.append(
                    f"| {name} | {ours[0]:.1f} s | {1e6 * ours[0] / count:.0f} µs | {limit[0] / ours[0]:.2f} | {limit[1] / ours[1]:.2f} "
                    f"| {ours[2] / 1024:.0f} MiB |"
                )
            found, = best(3, lambda: ask("prove", 20_000, folder)[1:])
            proofs.append(f"| {name} | {1e6 * found[0]:.1f} µs | {1e6 * found[1]:.1f} µs | {1e6 * found[2]:.1f} µs |")
    say("### Hashes without signatures (`ledger verify --hashes-only`)\n")
    say("| entries | time | an entry | one core's SHA-256 / ours | all cores' SHA-256 / ours | the same in processor time | most memory held |")
    say("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n" + "\n".join(hashes) + "\n")
    say("### Everything (`ledger verify`)\n")
    say("| entries | time | an entry | all cores' Ed25519 / ours | the same in processor time | most memory held |")
    say("| ---: | ---: | ---: | ---: | ---: | ---: |\n" + "\n".join(signatures) + "\n")
    say("### An inclusion proof, at 20,000 random places\n")
    say("| entries | median | mean | 99 in 100 are faster than |\n| ---: | ---: | ---: | ---: |\n" + "\n".join(proofs) + "\n")
    say("### On disk\n")
    say("| entries | all files | bytes an entry |\n| ---: | ---: | ---: |\n" + "\n".join(sizes) + "\n")


def audit(peers, build):
    bench = str(pathlib.Path(build).resolve() / "LedgerBench")
    say("A ledger as six years of eight applications leave it, about a hundred entries a release, all signed. Asked are one")
    say("application and six weeks; erased is what speaks of one commit, whose logs are looked for in every other entry. Each")
    say("figure is that of the whole command, start-up included; the audit's is the best of several.\n")
    say("| entries | `pratique audit` | `pratique ledger erase`, one commit | `pratique ledger show`, to compare |")
    say("| ---: | ---: | ---: | ---: |")
    for count in [10_000] if options.quick else [10_000, 100_000, 1_000_000]:
        with tempfile.TemporaryDirectory(dir=peers.folder) as folder:
            place = f"{folder}/ledger"
            subprocess.run([bench, "build-audit", str(count), place], check=True, stdout=subprocess.DEVNULL)
            quiet = {"check": True, "stdout": subprocess.DEVNULL, "env": peers.environment}
            asking = [peers.pratique, "audit", "--ledger", place, "--app", "application-3", "--from", "2022-03-01", "--to", "2022-04-12"]
            showing = [peers.pratique, "ledger", "show", "--ledger", place]
            asked, shown = least(3 if options.quick else 7, *[lambda words=words: subprocess.run(words, **quiet) for words in (asking, showing)])
            source = subprocess.run([*showing, "--kind", "source-check", "--limit", "1", "--json"], capture_output=True, text=True, **{"check": True, "env": peers.environment})
            commit = re.search("gitCommit:[0-9a-f]{40}", source.stdout).group(0)
            erasing = [peers.pratique, "ledger", "erase", "--ledger", place, "--subject", commit, "--except-refused", "--reason", "measured", "--key", f"{place}/keys/ana.pem"]
            erased = timed(lambda: subprocess.run(erasing, stdout=subprocess.DEVNULL, env=peers.environment))
            say(f"| {count:,} | {1000 * asked[0]:.0f} ms | {erased[0]:.2f} s | {1000 * shown[0]:.0f} ms |")
    say("")


with tempfile.TemporaryDirectory(prefix="pratique-bench-") as folder:
    if options.only in (None, "machine"):
        lines.clear()
        say("# Results of the last run\n")
        say("`make bench` writes this file, and each part of it alone: `Benchmarks/run --only verify`. What counts are the ratios")
        say("between programs measured in turn in the same run. [Appends to PostgreSQL](RESULTS-postgresql.md) stand beside it.\n")
        machine()
        if not options.quick:
            write("machine", "\n".join(lines).rstrip())
    peers = Peers(folder, options.build, options.tools)
    part("steps", "A recorded step", lambda: steps(peers))
    part("start", "Start-up and size", lambda: start(peers, options.build))
    part("ledger", "Durable appends", lambda: ledger(peers, options.build))
    part("verify", "Verification, proofs and size", lambda: verification(peers, options.build))
    part("audit", "Audits and erasures", lambda: audit(peers, options.build))
