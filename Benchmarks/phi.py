#!/usr/bin/python3
"""Measures the PHI guard beside grep -E and Presidio, in one run and in turn, and writes RESULTS-phi.md.

The texts are made here, always the same ones, or given with --texts (a JSON object with "text" a line). Presidio is
taken where the interpreter named with --presidio has it, with spaCy's English model where that is there too; otherwise
it is left out, or measured with its patterns alone, and the page says so."""

import argparse
import datetime
import json
import os
import pathlib
import random
import statistics
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# What can be said in grep's own form: the limit, as it names nobody and checks no digit.
PATTERNS = [r'[0-9]{3}-[0-9]{2}-[0-9]{4}', r'[0-9]{4}-[0-9]{2}-[0-9]{2}', r'[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}',
            r'\(?[0-9]{3}\)?[ .-][0-9]{3}[.-][0-9]{4}', r'[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}',
            r'(MRN|SSN|DOB)[:# ]+[A-Za-z0-9-]+', r'[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}']
PRESIDIO = """
import json, sys, time
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider, SpacyNlpEngine
import spacy
name = next((n for n in sorted(spacy.util.get_installed_models()) if n.startswith('en_core_web_')), None)
if name:
    engine = NlpEngineProvider(nlp_configuration={'nlp_engine_name': 'spacy',
        'models': [{'lang_code': 'en', 'model_name': name}]}).create_engine()
else:
    class Blank(SpacyNlpEngine):
        def __init__(self):
            super().__init__()
            self.nlp = {'en': spacy.blank('en')}
        def load(self): pass
        def is_loaded(self): return True
    engine = Blank()
analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=['en'])
texts = [json.loads(line)['text'] for line in open(sys.argv[1])][:int(sys.argv[2])]
analyzer.analyze(texts[0], language='en')
begin = time.process_time()
for text in texts:
    analyzer.analyze(text, language='en')
print(json.dumps({'seconds': time.process_time() - begin, 'bytes': sum(len(t.encode()) for t in texts), 'model': name}))
"""


def notes(path, count):
    pick = random.Random(1).choice
    people = ['Olga Kern', 'Margaret Okafor', 'Peter Lindqvist', 'Amara Obi', 'Luis Herrera']
    plain = ['Blood pressure was stable overnight and the wound is clean and dry.',
             'Continue metformin twice daily and review the dose with the next laboratory results.',
             'No fever, no chest pain; the patient walked the ward without help.']
    with open(path, 'w', encoding='utf-8') as out:
        for row in range(count):
            text = (f'{pick(people)}, MRN MR{row:08d}, was admitted on {row % 12 + 1}/{row % 28 + 1}/2024. '
                    f'{pick(plain)} {pick(plain)} Call (617) 304-{row % 10000:04d}. {pick(plain)}')
            out.write(json.dumps({'text': text}) + '\n')


def tree(folder, size):
    """Source code about no patient, made of words, and a folder of it."""
    rows = random.Random(2)
    names = ['buffer', 'index', 'count', 'reader', 'value', 'length', 'parse', 'result', 'node', 'offset']
    done = number = 0
    while done < size:
        lines = [f'  let {rows.choice(names)}{k} = try {rows.choice(names)}.{rows.choice(names)}('
                 f'{rows.choice(names)}: {rows.randrange(9999)}) // the {rows.choice(names)} of the {rows.choice(names)}'
                 for k in range(400)]
        text = '\n'.join(lines) + '\n'
        pathlib.Path(folder, f'file{number}.swift').write_text(text, encoding='utf-8')
        done += len(text)
        number += 1
    return done


def bench(build, *words, cores=None, stdin=None):
    command = [f'{build}/PHIBench', *words]
    if cores:
        command = ['taskset', '-c', cores] + command
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, stdin=stdin).stdout)


def grep(path):
    begin = os.times()
    # Not to /dev/null: grep would stop at its first find.
    with tempfile.TemporaryFile() as out:
        subprocess.run(['grep', '-a', '-o', '-b', '-E', '|'.join(PATTERNS), path], stdout=out,
                       env=os.environ | {'LC_ALL': 'C'}, check=False)
    end = os.times()
    return end.children_user + end.children_system - begin.children_user - begin.children_system


def presidio(python, path, count):
    done = subprocess.run([python, '-c', PRESIDIO, path, str(count)], capture_output=True, text=True, check=False)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', required=True, help='the folder with PHIBench')
    parser.add_argument('--presidio', default=os.environ.get('PRESIDIO_PYTHON', '/usr/bin/python3'),
                        help='an interpreter that has presidio-analyzer')
    parser.add_argument('--texts', help='labelled or unlabelled texts, a JSON object a line')
    parser.add_argument('--tree', help='a folder of source code to look at')
    parser.add_argument('--stream', type=int, default=10 << 30, help='bytes of the long streams')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--quick', action='store_true', help='a hundredth of the streams, a tenth of the texts')
    parser.add_argument('--output', default=str(HERE / 'RESULTS-phi.md'))
    options, _ = parser.parse_known_args()
    lines = []
    rate = lambda line: line['bytes'] / 1e6 / line['processorSeconds']
    with tempfile.TemporaryDirectory() as folder:
        texts = options.texts
        if not texts:
            texts = f'{folder}/texts.jsonl'
            notes(texts, 2000 if options.quick else 20000)
        ours, peers, limit = [], [], []
        plain = f'{folder}/plain.txt'
        with open(plain, 'w', encoding='utf-8') as out:
            for row in open(texts, encoding='utf-8'):
                out.write(json.loads(row)['text'] + '\n')
        for _ in range(options.rounds):
            ours.append(rate(bench(options.build, 'texts', texts)))
            limit.append(os.path.getsize(plain) / 1e6 / max(grep(plain), 1e-3))
            peer = presidio(options.presidio, texts, 100 if options.quick else 300)
            if peer:
                peers.append((peer['bytes'] / 1e6 / peer['seconds'], peer['model']))
        mine = statistics.median(ours)
        lines.append(f'| clinical texts, {os.path.getsize(plain) / 1e6:.1f} MB | {mine:.1f} | '
                     f'{statistics.median(limit):.1f} |')
        if peers:
            other = statistics.median(p[0] for p in peers)
            model = peers[0][1] or 'no model (its patterns alone)'
            beside = (f'Presidio, with {model}, on the first {100 if options.quick else 300} of the same texts: '
                      f'{other * 1e6:,.0f} bytes a second; the guard takes {mine / other:,.0f} times as many.')
        else:
            beside = 'Presidio was not there.'
        source = options.tree
        if not source:
            source = f'{folder}/tree'
            os.mkdir(source)
            tree(source, 20 << 20 if options.quick else 200 << 20)
        joined = f'{folder}/joined'
        subprocess.run(f'find "{source}" -type f -print0 | sort -z | xargs -0 cat > "{joined}"', shell=True, check=True)
        one = [bench(options.build, 'tree', source, cores='0') for _ in range(options.rounds)]
        two = [bench(options.build, 'tree', source) for _ in range(options.rounds)]
        lines.append(f"| a tree of source code, {one[0]['bytes'] / 1e6:.0f} MB | "
                     f"{statistics.median(map(rate, one)):.1f} | {os.path.getsize(joined) / 1e6 / max(grep(joined), 1e-3):.1f} |")
        cores = (f"The tree on one core: {statistics.median(l['seconds'] for l in one):.1f} s; on {os.cpu_count()}: "
                 f"{statistics.median(l['seconds'] for l in two):.1f} s.")
        size = options.stream // 100 if options.quick else options.stream
        streams = []
        for name, command in [
                (f'{size / 1e9:.1f} GB of lines', f'while cat "{joined}"; do :; done 2>/dev/null | head -c {size}'),
                (f'{size / 10 / 1e9:.1f} GB in one line',
                 f'while tr "\\n" " " < "{joined}"; do :; done 2>/dev/null | head -c {size // 10}')]:
            feed = subprocess.Popen(command, shell=True, stdout=subprocess.PIPE)
            line = bench(options.build, 'file', '-', stdin=feed.stdout)
            feed.stdout.close()
            feed.wait()
            streams.append(f"{name}: {line['processorSeconds']:.0f} s of processor time, {rate(line):.0f} MB/s, greatest "
                           f"resident set {line['residentBytes'] / 1e6:.0f} MB.")
    load = os.getloadavg()[0]
    text = f"""# The PHI guard

{datetime.date.today()}, {os.cpu_count()} cores, load {load:.1f} at the end; median of {options.rounds} rounds, in turn. MB of a second of processor time, which other work on the machine changes little. grep -E looks for {len(PATTERNS)} of the guard's patterns, and knows no names, labels or check digits. Written by `Benchmarks/phi.py`.

| | the guard, MB/s | grep -E, MB/s |
| --- | --- | --- |
{chr(10).join(lines)}

{beside}

{cores}

{chr(10).join('- ' + s for s in streams)}
"""
    pathlib.Path(options.output).write_text(text, encoding='utf-8')
    print(text)


main()
