"""The policy language beside Google's cel-cpp and Microsoft's rego-cpp, and the gate at growing sizes.

Called by `run`; with --engine NAME it is one turn of one engine, in a process of its own.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

EXPRESSION = (
    "release.branch == 'main' && scan.critical == 0"
    " && approvals.exists(a, a.role == 'clinical-safety') && release.signer in ['ada', 'bob']")
REGO = """package gate
import rego.v1
default allow := false
allow if {
  input.release.branch == "main"
  input.scan.critical == 0
  some approval in input.approvals
  approval.role == "clinical-safety"
  input.release.signer in ["ada", "bob"]
}
"""
ROUNDS = 30


def inputs(count=1000, seed=7):
    pick = random.Random(seed)
    one = lambda *choices: pick.choice(choices)
    roles = ("engineer", "security-official", "clinical-safety", "clinical-safety")
    return [{
        "release": {"branch": one("main", "main", "main", "topic"), "signer": one("ada", "bob", "ada", "eve"),
                    "digest": f"sha256:{number:064x}"},
        "scan": {"critical": one(0, 0, 0, 1), "high": pick.randrange(5)},
        "approvals": [{"role": one(*roles), "person": f"person-{person}"} for person in range(1 + pick.randrange(4))],
    } for number in range(count)]


def timed(values, body, prepare=lambda value: value, rounds=ROUNDS):
    """Answers, and nanoseconds an evaluation: the least of some rounds, what prepares them not counted."""
    best, answers = float("inf"), []
    for _ in range(rounds):
        ready = [prepare(value) for value in values]
        begun = time.perf_counter_ns()
        answers = [body(value) for value in ready]
        best = min(best, (time.perf_counter_ns() - begun) / len(values))
    return answers, best


def cel(values):
    from cel_expr_python import cel as engine
    kinds = {"release": engine.Type.DYN, "scan": engine.Type.DYN, "approvals": engine.Type.DYN}
    environment = engine.NewEnv(variables=kinds)
    begun = time.perf_counter_ns()
    for _ in range(100):
        program = environment.compile(EXPRESSION)
    compiling = (time.perf_counter_ns() - begun) / 100
    prepared = [environment.Activation(value) for value in values]
    answers, ready = timed(prepared, lambda value: program.eval(value).value())
    _, whole = timed(values, lambda value: program.eval(data=value).value())
    return answers, compiling, ready, whole


def rego(values):
    from regopy import Input, Interpreter
    begun = time.perf_counter_ns()
    engine = Interpreter()
    engine.add_module("gate", REGO)
    bundle = engine.build("x = data.gate.allow")
    compiling = time.perf_counter_ns() - begun

    def ask(value):
        engine.set_input(value)
        output = engine.query_bundle(bundle)  # its nodes live no longer than it does
        return str(output.binding("x")) == "true"

    answers, ready = timed(values, ask, prepare=Input, rounds=2)
    _, whole = timed(values, lambda value: ask(Input(value)), rounds=2)
    return answers, compiling, ready, whole


def turn(engine, path):
    answers, compiling, ready, whole = {"cel": cel, "rego": rego}[engine](json.loads(pathlib.Path(path).read_text()))
    bits = "".join("1" if answer is True else "0" for answer in answers)
    print(json.dumps({"answers": bits, "compile": compiling, "prepared": ready, "converted": whole}))


def compare(build, python):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "inputs.json"
        path.write_text(json.dumps(inputs()))
        commands = {
            "pratique": [f"{build}/GateBench", "policy", str(path)],
            "cel-expr-python (cel-cpp)": [python, __file__, "--engine", "cel", str(path)],
            "regopy (rego-cpp)": [python, __file__, "--engine", "rego", str(path)],
        }
        best, answers = {}, {}
        for _ in range(3):  # in turn, so that a busy moment meets all of them
            for name, command in commands.items():
                found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                answers.setdefault(found.pop("answers"), set()).add(name)
                known = best.setdefault(name, found)
                best[name] = {key: min(known[key], found[key]) for key in found}
        if len(answers) != 1:
            sys.exit(f"the engines disagree: {[sorted(names) for names in answers.values()]}")
        return best, next(iter(answers)).count("1")


def report(build, python):
    best, allowed = compare(build, python)
    ours = best["pratique"]
    lines = [
        "# The policy language and the gate", "",
        "`make bench` writes this file. What counts are the ratios between programs measured in turn in the same run.",
        "", "## One policy, three engines", "",
        "The release policy of four clauses, compiled once, on 1,000 inputs; all three give the same 1,000 answers"
        f" ({allowed} allowed).", "The least of three turns, each the least of its rounds. \"Prepared\": the input is already a value of"
        " the engine;", "\"converted\": it is made one each time, from the program's own (a JSON tree, or Python's dictionaries,"
        " whose share", "is Python's).", "",
        "| engine | an evaluation, prepared | beside pratique | converted | beside pratique | compiling |",
        "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, found in best.items():
        lines.append(
            f"| {name} | {found['prepared'] / 1000:.2f} µs | {found['prepared'] / ours['prepared']:.1f}"
            f" | {found['converted'] / 1000:.2f} µs | {found['converted'] / ours['converted']:.1f}"
            f" | {found['compile'] / 1000:.0f} µs |")
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine")
    parser.add_argument("--build", default=".build-bench/release")
    parser.add_argument("--python")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("inputs", nargs="?")
    words = parser.parse_args()
    if words.engine:
        return turn(words.engine, words.inputs)
    text = "\n".join(report(words.build, words.python)) + "\n"
    (pathlib.Path(__file__).parent / "RESULTS-policy.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
