#!/usr/bin/python3
"""Measures the readers of reports beside orjson and jq, in one run and in turn, and writes RESULTS-intake.md.

The reports are made here, in a temporary folder, always the same ones. orjson parses bytes into Python's objects, jq
parses and counts; the readers parse, check, hash and make findings with fingerprints, as `pratique collect --explain`
does. orjson is taken where the interpreter has it, and left out with a word where not."""

import argparse
import datetime
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
WORDS = ("buffer overflow in the parser allows a remote attacker to cause denial of service by crafted input "
         "header length field memory corruption heap").split()
ORJSON = """
import orjson, resource, sys, time
data = open(sys.argv[1], 'rb').read()
begin = time.process_time()
value = orjson.loads(data)
took = time.process_time() - begin
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def trivy(path, count, indent, brief=False):
    rows = random.Random(1)
    def sentence(length):
        return ' '.join(rows.choices(WORDS, k=length))
    digest = 'sha256:' + 'ab' * 32
    packages = [{'ID': f'package-{i}@1.{i}', 'Name': f'package-{i}', 'Version': f'1.{i}',
                 'Identifier': {'PURL': f'pkg:deb/debian/package-{i}@1.{i}?arch=amd64&distro=debian-12.5'},
                 'Arch': 'amd64', 'Licenses': ['MIT', 'BSD-3-Clause'], 'Layer': {'DiffID': digest}}
                for i in range(3000)]
    found = []
    for i in range(count):
        package = packages[i % 3000]
        row = {'VulnerabilityID': f'CVE-2099-{i:07d}', 'PkgName': package['Name'],
               'PkgIdentifier': package['Identifier'], 'InstalledVersion': package['Version'],
               'FixedVersion': f'2.{i % 100}', 'Title': sentence(10),
               'Severity': rows.choice(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'])}
        if not brief:
            row |= {'Status': 'fixed', 'Layer': {'Digest': digest, 'DiffID': digest}, 'SeveritySource': 'nvd',
                    'PrimaryURL': f'https://advisories.example/cve-2099-{i:07d}',
                    'Description': sentence(60) + ' \u2013 see "advisory"', 'CweIDs': ['CWE-125', 'CWE-787'],
                    'VendorSeverity': {'debian': 1, 'nvd': 3, 'redhat': 2, 'ubuntu': 2},
                    'CVSS': {'nvd': {'V3Vector': 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'V3Score': 9.8},
                             'redhat': {'V3Vector': 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H', 'V3Score': 5.9}},
                    'References': [f'https://advisories.example/{i}/{k}' for k in range(6)],
                    'PublishedDate': '2099-02-01T15:15:00Z', 'LastModifiedDate': '2099-03-01T15:15:00Z'}
        found.append(row)
    report = {'SchemaVersion': 2, 'Trivy': {'Version': '0.76.0'}, 'CreatedAt': '2026-11-23T10:00:00Z',
              'ArtifactName': 'portal.tar', 'ArtifactType': 'container_image',
              'Metadata': {'ImageID': 'sha256:' + '1a' * 32},
              'Results': [{'Target': 'portal.tar (debian 12.5)', 'Class': 'os-pkgs', 'Type': 'debian',
                           'Packages': packages, 'Vulnerabilities': found}]}
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(report, file, indent=indent, ensure_ascii=False)


def sarif(path, count):
    rows = random.Random(2)
    rules = [{'id': f'rule-{i}', 'name': f'Rule{i}', 'shortDescription': {'text': f'rule {i}'},
              'defaultConfiguration': {'level': 'warning'},
              'properties': {'tags': ['security', 'external/cwe/cwe-079'], 'security-severity': '7.5'}}
             for i in range(500)]
    results = []
    for i in range(count):
        line = rows.randrange(1, 5000)
        place = {'physicalLocation': {
            'artifactLocation': {'uri': f'src/module{i % 900}/file{i % 7}.py', 'uriBaseId': '%SRCROOT%'},
            'region': {'startLine': line, 'startColumn': 5, 'endLine': line, 'endColumn': 40,
                       'snippet': {'text': f'    value{i} = request.args.get("name{i}")'}}}}
        results.append({'ruleId': f'rule-{i % 500}', 'ruleIndex': i % 500, 'level': 'error',
                        'message': {'text': ' '.join(rows.choices(WORDS, k=25))}, 'locations': [place],
                        'partialFingerprints': {'primaryLocationLineHash': f'{i:016x}:1'},
                        'codeFlows': [{'threadFlows': [{'locations': [{'location': place} for _ in range(3)]}]}]})
    log = {'$schema': 'https://json.schemastore.org/sarif-2.1.0.json', 'version': '2.1.0',
           'runs': [{'tool': {'driver': {'name': 'Checker', 'version': '1.0', 'rules': rules}}, 'results': results}]}
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(log, file, indent=2)


def junit(path, size):
    suite = 1000
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
        number = 0
        while file.tell() < size:
            rows = [f'  <testcase classname="portal.module{number % 97}.Tests" name="case_{number + i}" time="0.0{i}"/>\n'
                    if i % 50 else f'  <testcase classname="portal.module{number % 97}.Tests" name="case_{number + i}">'
                    f'<system-out><![CDATA[{"line of output " * 40}]]></system-out></testcase>\n'
                    for i in range(suite)]
            file.write(f' <testsuite name="suite{number}" tests="{suite}" failures="0">\n{"".join(rows)} </testsuite>\n')
            number += suite
        file.write('</testsuites>\n')


def run(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def ours(build, path):
    line = json.loads(run([f'{build}/IntakeBench', path]))
    return line['processorSeconds'], line['residentBytes'], line


def orjson(path):
    try:
        seconds, memory = run([sys.executable, '-c', ORJSON, path]).split()
    except subprocess.CalledProcessError:
        return None
    return float(seconds), int(memory)


def jq(path, query):
    begin = os.times()
    run(['jq', query, path])
    end = os.times()
    return end.children_user + end.children_system - begin.children_user - begin.children_system


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', required=True, help='the folder with IntakeBench')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--quick', action='store_true', help='a tenth of the size')
    parser.add_argument('--output', default=str(HERE / 'RESULTS-intake.md'))
    options, _ = parser.parse_known_args()
    part = 10 if options.quick else 1
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        reports = [('Trivy, indented', 'trivy.json', '.Results[0].Vulnerabilities | length'),
                   ('SARIF, indented', 'sarif.json', '.runs[0].results | length'),
                   ('Trivy, a million findings', 'million.json', '.Results[0].Vulnerabilities | length')]
        trivy(f'{folder}/trivy.json', 42000 // part, 2)
        sarif(f'{folder}/sarif.json', 26000 // part)
        trivy(f'{folder}/million.json', 1_000_000 // part, None, brief=True)
        for name, file, query in reports:
            path = f'{folder}/{file}'
            size = os.path.getsize(path)
            taken = {'ours': [], 'orjson': [], 'jq': []}
            for _ in range(options.rounds):
                seconds, memory, line = ours(options.build, path)
                taken['ours'].append((seconds, memory))
                peer = orjson(path)
                if peer:
                    taken['orjson'].append(peer)
                taken['jq'].append((jq(path, query), 0))
            def middle(who, place=0):
                return statistics.median(entry[place] for entry in taken[who]) if taken[who] else None
            peer, memory = middle('orjson'), middle('orjson', 1)
            lines.append(
                f"| {name} | {size / 1e6:.0f} MB | {line['findings']:,} | {middle('ours'):.2f} | "
                f"{middle('ours', 1) / size:.2f} | {f'{peer:.2f}' if peer else 'not there'} | "
                f"{f'{memory / size:.2f}' if peer else '–'} | {middle('jq'):.2f} |")
            os.unlink(path)
        path = f'{folder}/junit.xml'
        junit(path, (1 << 30) // part)
        size = os.path.getsize(path)
        seconds, memory, line = ours(options.build, path)
    load = os.getloadavg()[0]
    text = f"""# Reading reports

{datetime.date.today()}, {os.cpu_count()} cores, load {load:.1f} at the end; median of {options.rounds} rounds, in turn. Seconds are processor seconds, which other work on the machine changes little: of reading alone for the readers and for orjson (which makes Python's objects and checks nothing), of the whole program for jq. Memory is the greatest resident set of the process as a multiple of the file. Written by `Benchmarks/intake.py`.

| report | size | findings | the readers, s | memory | orjson, s | memory | jq, s |
| --- | --- | --- | --- | --- | --- | --- | --- |
{chr(10).join(lines)}

JUnit, read as it comes: {size / 1e6:.0f} MB with {line['tests']:,} tests in {seconds:.1f} s ({size / 1e6 / seconds:.0f} MB/s), greatest resident set {memory / 1e6:.0f} MB.
"""
    pathlib.Path(options.output).write_text(text, encoding='utf-8')
    print(text)


main()
