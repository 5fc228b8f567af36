#!/usr/bin/env python3
"""Reads a backup of Sotto without Sotto: written from the specification in src/backup.rs and src/header.rs alone.

usage: read_backup.py FILE.sottobak [--out DIR] [--code]

Asks for the passphrase, or with --code for the recovery code; takes either from the variable SOTTO_SECRET if it is set. Prints
one JSON object for each record and, with --out, writes each plaintext to DIR/ID, once the whole file was checked.
needs: Debian's python3-argon2 and python3-cryptography, or pip install argon2-cffi==25.1.0 cryptography==50.0.2
"""
import argparse
import getpass
import hashlib
import hmac
import json
import os
import sys
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NAMESPACES = ["", "visit", "transcript", "audio", "settings", "consent", "audit", "style", "template", "", "index"]
CLASSES = ["", "audio", "transcript", "note", "consent", "audit", "own"]
HEAD, SLOT, HASH, CHUNK, ENTRY = 64, 440, 32, 65536 + 16, 42


def number(data):
    return int.from_bytes(data, "big")


def hkdf(ikm, info, salt=None):
    return HKDF(hashes.SHA256(), 32, salt, info).derive(ikm)


def need(condition, what="this is no backup of Sotto, or it was altered or cut short"):
    if not condition:
        sys.exit(f"error: {what}")


def digits(code):
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    plain = code.upper().translate(str.maketrans("OIL", "011", "- \t\r\n"))
    need(len(plain) == 27 and all(sign in alphabet for sign in plain), "this is no recovery code")
    values = [alphabet.index(sign) for sign in plain]
    value = sum(digit * 32 ** (25 - place) for place, digit in enumerate(values[:26]))
    need(value % 37 == values[26], "the recovery code is mistyped")
    return bytes(values[:26])


def stretch(slot, secret):
    """U of the slot: from the passphrase (kind 1) or the recovery code (kind 3)."""
    memory, passes, lanes, salt = number(slot[4:8]), number(slot[8:12]), number(slot[12:16]), slot[16:32]
    if slot[0] == 3:
        return hkdf(digits(secret), b"sotto/v2/recovery", salt)
    if slot[1] == 2:
        need(600_000 <= passes <= 2_000_000)
        return hashlib.pbkdf2_hmac("sha256", secret.encode(), salt, passes)
    need(slot[1] == 1 and 19456 <= memory <= 65536 and 2 <= passes <= 16 and 1 <= lanes <= 4)
    return hash_secret_raw(secret.encode(), salt, passes, memory, lanes, 32, Type.ID, 0x13)


def unlock(header, kind, secret):
    slots = [header[HEAD + n * SLOT:HEAD + (n + 1) * SLOT] for n in range(header[9])]
    for slot in slots:
        if slot[0] == kind:
            u = stretch(slot, secret)
            need(hmac.compare_digest(hkdf(u, b"sotto/v2/commit"), slot[32:64]), "this does not open the backup")
            aad = header[:9] + header[12:HEAD] + slot[:64] + slot[184:184 + number(slot[2:4])]
            return AESGCM(hkdf(u, b"sotto/v2/wrap")).decrypt(slot[64:76], slot[76:124], aad)
    sys.exit("error: the backup does not open in this way")


def decrypted(data, kind, secret):
    need(data[:8] == b"SottoBak" and data[8] == 2 and 1 <= data[9] <= 8)
    length = HEAD + data[9] * SLOT + HASH
    header, body = data[:length], data[length:]
    need(hashlib.sha256(header[:-HASH]).digest() == header[-HASH:])
    key = unlock(header, kind, secret)
    stream = AESGCM(hkdf(key, b"sotto/v2/backup" + hashlib.sha256(header).digest()))
    chunks = [body[at:at + CHUNK] for at in range(0, len(body), CHUNK)]
    nonces = [n.to_bytes(11, "big") + bytes([n == len(chunks) - 1]) for n in range(len(chunks))]
    return b"".join(stream.decrypt(nonce, chunk, b"") for nonce, chunk in zip(nonces, chunks))


def records(plain):
    found, at = {}, 0
    while plain[at:at + 1] == b"\1":
        entry, length = plain[at:at + ENTRY], number(plain[at + 34:at + ENTRY])
        text, at = plain[at + ENTRY:at + ENTRY + length], at + ENTRY + length
        need(len(entry) == ENTRY and len(text) == length and entry[18:34] not in found)
        found[entry[18:34]] = (entry, text)
    need(plain[at:] == b"\xff" + len(found).to_bytes(4, "big"))
    return found.values()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--code", action="store_true")
    options = parser.parse_args()
    secret = os.environ.get("SOTTO_SECRET") or getpass.getpass("recovery code: " if options.code else "passphrase: ")
    try:
        plain = decrypted(options.file.read_bytes(), 3 if options.code else 1, secret)
    except (InvalidTag, IndexError):
        need(False)
    for entry, text in records(plain):
        print(json.dumps({"id": entry[18:34].hex(), "namespace": NAMESPACES[entry[1]], "class": CLASSES[entry[2]],
                          "hold": bool(entry[3]), "schema": number(entry[4:6]), "revision": number(entry[6:10]),
                          "expires_at": number(entry[10:18]), "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}))
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / entry[18:34].hex()).write_bytes(text)


main()
