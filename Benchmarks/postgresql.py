#!/usr/bin/python3
"""Measures appends to a ledger in PostgreSQL beside pgbench, which inserts the same rows into the same tables of the
same server, and writes RESULTS-postgresql.md. The server is started for it, in a temporary folder, and flushes."""

import argparse
import datetime
import glob
import os
import pathlib
import pwd
import shutil
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent

# What one entry makes, and on average two hashes: nothing is hashed or signed, and the place comes from a sequence.
ENTRY = """
\\startpipeline
BEGIN;
INSERT INTO entry SELECT nextval('place'), decode(md5(random()::text), 'hex'), decode(repeat('61', 330), 'hex');
INSERT INTO payload VALUES (currval('place'), decode(repeat('62', 32), 'hex'), decode(repeat('63', 1600), 'hex'), NULL);
INSERT INTO node VALUES (0, currval('place'), decode(repeat('64', 32), 'hex')), (1, currval('place'), decode(repeat('64', 32), 'hex'));
INSERT INTO entry_index VALUES (currval('place'), 'step', 'pipeline', 1, 1, NULL, NULL, '20261123-120000-0123abcd', NULL);
INSERT INTO subject_index VALUES ('sha256:' || repeat('d', 64), currval('place'));
INSERT INTO checkpoint VALUES (currval('place') + 1, repeat('n', 170), currval('place'));
COMMIT;
\\endpipeline
"""
# Sixty-four entries a transaction, one checkpoint.
BATCH = """
\\startpipeline
BEGIN;
SELECT setval('place', nextval('place') + 64);
INSERT INTO entry SELECT currval('place') - 64 + i, decode(md5(random()::text), 'hex'), decode(repeat('61', 330), 'hex') FROM generate_series(1, 64) i;
INSERT INTO payload SELECT currval('place') - 64 + i, decode(repeat('62', 32), 'hex'), decode(repeat('63', 1600), 'hex'), NULL FROM generate_series(1, 64) i;
INSERT INTO node SELECT 0, currval('place') - 64 + i, decode(repeat('64', 32), 'hex') FROM generate_series(1, 64) i;
INSERT INTO node SELECT 1, currval('place') - 64 + i, decode(repeat('64', 32), 'hex') FROM generate_series(1, 64) i;
INSERT INTO entry_index SELECT currval('place') - 64 + i, 'step', 'pipeline', 1, 1, NULL, NULL, '20261123-120000-0123abcd', NULL FROM generate_series(1, 64) i;
INSERT INTO subject_index SELECT 'sha256:' || repeat('d', 64), currval('place') - 64 + i FROM generate_series(1, 64) i;
INSERT INTO checkpoint VALUES (currval('place') + 1, repeat('n', 170), currval('place'));
COMMIT;
\\endpipeline
"""


class Server:
    """A cluster of its own, reached by a socket."""

    def __init__(self, folder):
        self.folder = folder
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]))[-1]
        self.prefix = []
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
        words = ["initdb", "-D", f"{folder}/data", "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync"]
        subprocess.run([*self.prefix, f"{self.bin}/{words[0]}", *words[1:]], **quiet)
        self.process = subprocess.Popen(
            [*self.prefix, f"{self.bin}/postgres", "-D", f"{folder}/data", "-k", folder, "-c", "listen_addresses="],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while subprocess.run([f"{self.bin}/pg_isready", "-q", "-h", folder]).returncode != 0:
            if self.process.poll() is not None:
                raise SystemExit("postgresql.py: the server does not start")
            time.sleep(0.05)

    def sql(self, statement):
        words = [f"{self.bin}/psql", "-h", self.folder, "-U", "owner", "-d", "postgres", "-XAtqc", statement]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()

    def pgbench(self, script, clients, transactions, schema):
        """Transactions a second."""
        path = pathlib.Path(self.folder) / "script.sql"
        path.write_text(script)
        words = [f"{self.bin}/pgbench", "-h", self.folder, "-U", "owner", "-n", "-M", "prepared", "-c", str(clients),
                 "-j", str(min(clients, os.cpu_count() or 1)), "-t", str(transactions // clients), "-f", str(path), "postgres"]
        environment = {**os.environ, "PGOPTIONS": f"-c search_path={schema}"}
        text = subprocess.run(words, check=True, capture_output=True, text=True, env=environment).stdout
        return next(float(line.split("=")[1].split()[0]) for line in text.splitlines() if line.startswith("tps"))

    def stop(self):
        self.process.send_signal(2)
        self.process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--quick", action="store_true", help="fewer rounds; writes no file")
    parser.add_argument("--only")
    arguments, _ = parser.parse_known_args()
    if arguments.only not in (None, "postgresql"):
        return
    bench = str(pathlib.Path(arguments.build).resolve() / "PostgreSQLBench")
    rounds, count = (2, 640) if arguments.quick else (5, 3_200)
    cases = [  # name, ours, width, pgbench's script, clients, entries a transaction
        ("one after the other", "one", 1, ENTRY, 1, 1),
        ("64 callers at once", "callers", 64, ENTRY, 64, 1),
        ("64 entries an append", "batch", 64, BATCH, 1, 64),
    ]
    rates = {name: ([], []) for name, *_ in cases}
    folder = tempfile.mkdtemp(prefix="pratique-pg-")
    server = Server(folder)
    try:
        version = server.sql("SHOW server_version")
        for number in range(rounds):
            for name, manner, width, script, clients, entries in cases:
                schema = f"{manner}_{number}"
                address = f"postgresql://owner@/postgres?host={folder.replace('/', '%2F')}&schema={schema}"
                words = [bench, manner, str(width), str(count), address, folder]
                rates[name][0].append(count / float(subprocess.run(words, check=True, capture_output=True).stdout))
                # The same tables, empty.
                server.sql(f"SET search_path = {schema}; TRUNCATE entry, payload, node, entry_index, subject_index,"
                           " checkpoint; CREATE SEQUENCE place")
                rates[name][1].append(server.pgbench(script, clients, count // entries, schema) * entries)
                server.sql(f"DROP SCHEMA {schema} CASCADE")
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    lines = [
        "# Appends to PostgreSQL", "",
        f"{datetime.date.today()}, PostgreSQL {version} on this machine by a socket, {os.cpu_count()} cores, load"
        f" {os.getloadavg()[0]:.1f}; median of {rounds} rounds of {count} entries of 1,600 bytes, in turn with pgbench,"
        " which inserts the same rows into the same tables and neither hashes nor signs.", "",
        "| entries a second | the ledger | pgbench, the same rows | of it |", "| --- | --- | --- | --- |"]
    for name, (ours, theirs) in rates.items():
        a, b = statistics.median(ours), statistics.median(theirs)
        lines.append(f"| {name} | {a:,.0f} | {b:,.0f} | {a / b:.2f} |")
    text = "\n".join(lines) + "\n"
    if not arguments.quick:
        (HERE / "RESULTS-postgresql.md").write_text(text)
    print(text)


main()
