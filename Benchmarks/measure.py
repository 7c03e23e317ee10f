#!/usr/bin/env python3
"""Measures and writes RESULTS.md. Ratios count; seconds are only those of one machine on one day."""
import argparse
import datetime
import os
import pathlib
import platform
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
parser.add_argument("--quick", action="store_true", help="fewer repetitions, no 1,000 steps; writes no file")
parser.add_argument("--only", choices=["steps", "start", "ledger", "verify"], help="one part; writes no file")
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


def machine():
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    memory = int(open("/proc/meminfo").readline().split()[1]) // 1024
    say(f"- {model}, {os.cpu_count()} processors, {memory} MiB, Linux {platform.release()}, {platform.machine()}")
    say(f"- load average when it began: {os.getloadavg()[0]:.1f} (other work on the machine slows everything here)")
    for words in (["swift", "--version"], ["make", "--version"], ["git", "--version"], ["sqlite3", "--version"]):
        if shutil.which(words[0]):
            text = subprocess.run(words, capture_output=True, text=True).stdout.splitlines()
            say(f"- {words[0]}: {next((line for line in text if line), 'unknown')}")


def steps(peers):
    say("## A recorded step\n")
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
    say("## Start-up and size\n")
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
    say("## Durable appends\n")
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

    say("## Verification, proofs and size\n")
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


say("# Results of the last run\n")
say("`make bench` writes this file. What counts are the ratios between programs measured in turn in the same run.\n")
say(f"- {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}")
machine()
say()
with tempfile.TemporaryDirectory(prefix="pratique-bench-") as folder:
    peers = Peers(folder, options.build, options.tools)
    if options.only in (None, "steps"):
        steps(peers)
    if options.only in (None, "start"):
        start(peers, options.build)
    if options.only in (None, "ledger"):
        ledger(peers, options.build)
    if options.only in (None, "verify"):
        verification(peers, options.build)
if not options.quick and options.only is None:
    (here / "RESULTS.md").write_text("\n".join(lines).rstrip() + "\n")
