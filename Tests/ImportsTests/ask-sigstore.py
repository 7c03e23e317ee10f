"""Asks Sigstore's own Python client what it makes of bundles.

  ask-sigstore.py TRUSTED_ROOT IDENTITY BUNDLE...      prints for each: its name, and "taken" or why it is refused
"""
import pathlib
import sys

from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier, policy

verifier = Verifier(trusted_root=TrustedRoot.from_file(sys.argv[1]))
for file in sys.argv[3:]:
    try:
        verifier.verify_dsse(Bundle.from_json(pathlib.Path(file).read_text()), policy.Identity(identity=sys.argv[2]))
        print(pathlib.Path(file).stem, "taken")
    except Exception as error:
        print(pathlib.Path(file).stem, "refused:", str(error).replace("\n", " "))
