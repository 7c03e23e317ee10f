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
parser.add_argument("--only", choices=["steps", "start", "ledger"], help="one part; writes no file")
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


def medians(repetitions, *works):
    """The works in turn, so that a busy moment meets all of them; each one's median wall and processor time."""
    taken = [[] for _ in works]
    for _ in range(repetitions):
        for place, work in enumerate(works):
            taken[place].append(timed(work))
    return [tuple(statistics.median(part) for part in zip(*runs)) for runs in taken]


def machine():
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    memory = int(open("/proc/meminfo").readline().split()[1]) // 1024
    say(f"- {model}, {os.cpu_count()} processors, {memory} MiB, Linux {platform.release()}, {platform.machine()}")
    say(f"- load average when it began: {os.getloadavg()[0]:.1f} (other work on the machine slows everything here)")
    for words in (["swift", "--version"], ["make", "--version"], ["git", "--version"], ["sqlite3", "--version"]):
        if shutil.which(words[0]):
            text = subprocess.run(words, capture_output=True, text=True).stdout.splitlines()
            say(f"- {next((l for l in text if l), words[0])}")


def steps(peers):
    say("## A recorded step\n")
    say("Steps that do nothing (`sh -c 'true;:'`), with no needs among them. pratique exports the commit, runs each step")
    say("in a process group of its own, signs a statement for each, and commits it durably before the step counts as done.")
    say("make only starts the shells. in-toto-run signs and writes one link a step, one process a step, not flushed to disk.\n")
    counts = [10, 100] if options.quick else [10, 100, 1000]
    expected = 0
    for jobs, word in ((1, "serial"), (2, "two at a time")):
        sample = 6 if options.quick else 20
        (toto, toto_cpu), = medians(1 if options.quick else 2, lambda: peers.run_in_toto(sample, jobs))
        say(f"### {word}\n")
        say(f"in-toto-run: {sample} steps measured, {1000 * toto / sample:.0f} ms a step ({1000 * toto_cpu / sample:.0f} ms of")
        say("processor time); its cost does not depend on their number, so the columns multiply that.\n")
        say(f"| steps | pratique run | a step | make -j{jobs} | pratique / make | in-toto-run (multiplied) | in-toto-run / pratique |")
        say("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        walls = {}
        for count in counts:
            place = peers.folder / f"steps-{count}"
            if not place.exists():
                peers.prepare(count)
            repetitions = 3 if count < 1000 else 2
            (ours, cpu), (make, _) = medians(
                repetitions, lambda: peers.run_pratique(place, jobs), lambda: peers.run_make(place, jobs)
            )
            expected += repetitions * count
            walls[count] = ours, make, cpu
            say(
                f"| {count} | {ours:.3f} s | {1000 * ours / count:.2f} ms | {make:.3f} s | {ours / make:.1f} "
                f"| {toto / sample * count:.1f} s | {toto / sample * count / ours:.0f} |"
            )
        (few, less), (many, more) = [(c, walls[c]) for c in (counts[0], counts[-1])]
        ours, make = [(more[i] - less[i]) / (many - few) for i in (0, 1)]
        cpu = (more[2] - less[2]) / (many - few)
        say(
            f"\nOne step more costs pratique {1000 * ours:.2f} ms ({1000 * cpu:.2f} ms of processor time), make "
            f"{1000 * make:.2f} ms: {ours / make:.1f} times make, 1/{toto / sample / ours:.0f} of in-toto-run.\n"
        )
    found = peers.steps_recorded()
    if found != expected:
        raise SystemExit(f"the ledger holds {found} steps, {expected} ran")
    say(f"Afterwards `pratique ledger verify` checked the ledger: all {found} steps are in it.\n")


def start(peers):
    say("## Start-up and size\n")
    environment = peers.environment
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    works = {
        "pratique --version": lambda: subprocess.run([peers.pratique, "--version"], **quiet),
        "pratique ledger show": lambda: subprocess.run([peers.pratique, "ledger", "show"], env=environment, **quiet),
        "git --version": lambda: subprocess.run(["git", "--version"], **quiet),
        "python3 -c pass": lambda: subprocess.run(["python3", "-c", "pass"], **quiet),
        "in-toto-run --version": lambda: subprocess.run([peers.in_toto, "--version"], **quiet),
    }
    taken = medians(7 if options.quick else 21, *works.values())
    say("| command | wall | processor | beside pratique --version |\n| --- | ---: | ---: | ---: |")
    for name, (wall, cpu) in zip(works, taken):
        say(f"| `{name}` | {1000 * wall:.1f} ms | {1000 * cpu:.1f} ms | {wall / taken[0][0]:.2f} |")
    stripped = peers.folder / "stripped"
    subprocess.run(["strip", "-o", stripped, peers.pratique], check=True)
    mebibytes = lambda path: f"{os.path.getsize(path) / 2**20:.1f} MiB"
    say(f"\nThe command is {mebibytes(peers.pratique)}, stripped {mebibytes(stripped)}, and needs Swift's run-time libraries.\n")


def ledger(peers, build):
    say("## Durable appends\n")
    say("One by one, each flushed to disk before the next begins; the same rows into bare SQLite (write-ahead log,")
    say("synchronous=FULL) without hashing, signing or proving anything; pymerkle's SQLite tree.\n")
    bench = str(pathlib.Path(build).resolve() / "LedgerBench")
    count = 200 if options.quick else 1000
    rates = {"bare SQLite": [], "pratique's ledger": [], "pratique's ledger, 64 at once": [], "pymerkle": []}
    for _ in range(3):
        for name, mode in zip(rates, ("sqlite", "ledger", "batch")):
            with tempfile.TemporaryDirectory(dir=peers.folder) as folder:
                seconds = float(subprocess.run([bench, mode, str(count), folder], check=True, capture_output=True).stdout)
                rates[name].append(count / seconds)
        with tempfile.TemporaryDirectory(dir=peers.folder) as folder:
            words = [f"{options.tools}/verifiers/bin/python", str(here / "pymerkle_appends.py"), str(count // 5), folder]
            rates["pymerkle"].append(float(subprocess.run(words, check=True, capture_output=True).stdout))
    bare = statistics.median(rates["bare SQLite"])
    say("| store | appends a second | beside bare SQLite |\n| --- | ---: | ---: |")
    for name, found in rates.items():
        say(f"| {name} | {statistics.median(found):.0f} | {statistics.median(found) / bare:.2f} |")
    ours = statistics.median(rates["pratique's ledger"]) / statistics.median(rates["pymerkle"])
    say(f"\nOne by one it makes {ours:.1f} times the appends of pymerkle.\n")


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
        start(peers)
    if options.only in (None, "ledger"):
        ledger(peers, options.build)
if not options.quick and options.only is None:
    (here / "RESULTS.md").write_text("\n".join(lines).rstrip() + "\n")
