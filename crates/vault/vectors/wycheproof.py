#!/usr/bin/env python3
"""Writes vectors/wycheproof/ from a checkout of Wycheproof: the subset for the primitives that the vault uses.

usage: wycheproof.py CHECKOUT      (git clone https://github.com/C2SP/wycheproof; made from commit dac1dd4729fd)

Each file begins with `#` lines, then the algorithm's name, then one test a line: its number, the fields in hexadecimal or
decimal (`-` is nothing), and `valid` or `invalid`. Kept are all tests of HKDF-, HMAC- and PBKDF2-HMAC-SHA-256, and those of
AES-GCM with 256-bit keys, 96-bit nonces and 128-bit tags. `acceptable` does not occur.
"""
import json
import sys
from pathlib import Path

OUT = Path(__file__).parent / "wycheproof"
FIELDS = {
    "aes_gcm": ("key", "iv", "aad", "msg", "ct", "tag"),
    "hkdf_sha256": ("ikm", "salt", "info", "size", "okm"),
    "hmac_sha256": ("key", "msg", "tag"),
    "pbkdf2_hmacsha256": ("password", "salt", "iterationCount", "dkLen", "dk"),
}


def wanted(algorithm, group):
    return algorithm != "aes_gcm" or (group["keySize"], group["ivSize"], group["tagSize"]) == (256, 96, 128)


checkout = Path(sys.argv[1])
for algorithm, fields in FIELDS.items():
    source = json.loads((checkout / "testvectors_v1" / f"{algorithm}_test.json").read_text())
    tests = [t for group in source["testGroups"] if wanted(algorithm, group) for t in group["tests"]]
    lines = [f"# Wycheproof, testvectors_v1/{algorithm}_test.json: {len(tests)} of {source['numberOfTests']} tests.",
             "# Copyright Google LLC and the Wycheproof contributors; Apache License 2.0, see LICENSE-APACHE.",
             algorithm]
    for test in tests:
        assert test["result"] in ("valid", "invalid")
        lines.append(" ".join([str(test["tcId"])] + [str(test[f]) or "-" for f in fields] + [test["result"]]))
    (OUT / f"{algorithm}.txt").write_text("\n".join(lines) + "\n")
    print(f"{algorithm}: {len(tests)}")
