"""The no-op pipelines: the same steps for pratique, for make and for in-toto-run."""
import os
import pathlib
import subprocess

CATALOG = """catalog: none
version: "1"
framework: example
controls:
  - {id: a, citation: "1", title: t, scope: organisation, automation: evidence, producer: p,
     checks: [{id: x, kind: trust-root, each: 'evidence.people.exists(p, "security-official" in p.roles)', fix: f}]}
"""
POLICY = """policy: none
version: "1"
catalogs: [catalog.yaml]
environments: {production: {required: [a], approvals: [{role: security-official}]}}
"""
TRUST = """organisation: example
people:
  - {id: dev-1, name: Dana, emails: [dana@example.org], roles: [security-official], keys: [dana.pub]}
machine: {id: runner, on-behalf-of: dev-1, roles: [pipeline]}
changes: [{role: security-official}]
policy: policy.yaml
"""


def call(*words, **options):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


class Peers:
    def __init__(self, folder, build, tools):
        self.folder = pathlib.Path(folder)
        self.pratique = str(pathlib.Path(build).resolve() / "pratique")
        self.in_toto = f"{tools}/in-toto/bin/in-toto-run"
        self.environment = {"PATH": os.environ["PATH"], "HOME": folder, "PRATIQUE_LEDGER": f"{folder}/ledger"}
        write = lambda name, text: (self.folder / name).write_text(text)
        write("catalog.yaml", CATALOG), write("policy.yaml", POLICY), write("trust.yaml", TRUST)
        call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/dana")
        call("openssl", "genpkey", "-algorithm", "ed25519", "-out", f"{folder}/in-toto.pem")
        call(self.pratique, "ledger", "init", "--trust", f"{folder}/trust.yaml", env=self.environment)

    def prepare(self, count, shell):
        """A repository whose pipeline has so many steps, and a Makefile with as many targets."""
        place = self.folder / f"steps-{len(shell)}-{count}"
        if place.exists():
            return place
        place.mkdir()
        # Both start a shell for each step: pratique always does, make only for what it cannot run itself.
        steps = "".join(f"      s{n}: {{run: '{shell}'}}\n" for n in range(count))
        (place / "pratique.yaml").write_text(
            "version: 1\napplication: {name: noop, handles-phi: false}\nstages:\n  work:\n    steps:\n" + steps
        )
        make_shell = shell.replace("$", "$$")
        targets = [f"s{n}" for n in range(count)]
        (place / "Makefile").write_text(
            ".PHONY: all {0}\nall: {0}\n{1}".format(" ".join(targets), "".join(f"{t}:\n\t@{make_shell}\n" for t in targets))
        )
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "steps"]):
            call("git", "-C", str(place), "-c", "user.name=d", "-c", "user.email=d@example.org", *words)
        return place

    def run_pratique(self, place, jobs):
        call(self.pratique, "run", "--repository", str(place), "--jobs", str(jobs), env=self.environment)

    def run_make(self, place, jobs):
        call("make", "-C", str(place), "-s", f"-j{jobs}")

    def run_in_toto(self, count, jobs):
        words = [self.in_toto, "-n", "step", "--signing-key", f"{self.folder}/in-toto.pem", "-d", str(self.folder)]
        names = "\n".join(str(n) for n in range(count)).encode()
        subprocess.run(
            ["xargs", f"-P{jobs}", "-n1", *words, "--", "sh", "-c", "true;:"],
            input=names, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder,
        )

    def steps_recorded(self):
        """How many steps the ledger holds, after it was checked whole."""
        call(self.pratique, "ledger", "verify", env=self.environment)
        shown = subprocess.run(
            [self.pratique, "ledger", "show", "--kind", "step", "--limit", "1000000"],
            check=True, capture_output=True, env=self.environment,
        )
        return shown.stdout.count(b"\n")
