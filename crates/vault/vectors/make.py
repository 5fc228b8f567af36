#!/usr/bin/env python3
"""Writes the vectors beside it: a second implementation of the formats in src/lib.rs, sharing no code with the first.

usage: make.py      needs: pip install argon2-cffi==25.1.0 cryptography==50.0.2

Every file is lines of `name = value`, bytes in hexadecimal; a sealed record's `expect` is `ok` or the failure's name.
Old vectors are never made anew: a new format version adds files.
"""
import hashlib
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HERE = Path(__file__).parent
PASSPHRASE = "Grüße aus Zürich: seven quiet herons"
VAULT, SALT, SECRET = bytes(range(16)), bytes(range(16, 32)), bytes(range(32, 64))
RECORD = bytes(range(160, 176))
EXPIRES = 1_800_000_000
PLAINTEXT = "Denies fever. Ibuprofen 400 mg as needed.\n".encode()


def hkdf(ikm, info):
    return HKDF(hashes.SHA256(), 32, None, info).derive(ikm)


def header(memory=19456, passes=2, lanes=1, version=1, wrap=1, magic=b"SottoVlt", flip=None, commit_to=None):
    head = magic + bytes([version, wrap]) + VAULT
    head += memory.to_bytes(4, "big") + passes.to_bytes(4, "big") + lanes.to_bytes(4, "big") + SALT
    stretched = hash_secret_raw(PASSPHRASE.encode(), SALT, passes, max(memory, 8 * lanes) if memory <= 65536 else 8 * lanes,
                                lanes, 32, Type.ID, 0x13)
    head += commit_to or hkdf(stretched, b"sotto/v1/commit")
    nonce = bytes(range(64, 76))
    head += nonce + AESGCM(hkdf(stretched, b"sotto/v1/wrap")).encrypt(nonce, SECRET, head)
    if flip is not None:  # by someone who knows to set the hash right again
        head = head[:flip] + bytes([head[flip] ^ 1]) + head[flip + 1:]
    return head + hashlib.sha256(head).digest()


def record(plaintext=PLAINTEXT, padded=4096, expires=EXPIRES, version=1, namespace=1, vault=VAULT, body=None, secret=SECRET):
    head = b"SottoRec" + bytes([version, namespace]) + vault + RECORD
    head += (1).to_bytes(2, "big") + (3).to_bytes(4, "big") + expires.to_bytes(8, "big") + padded.to_bytes(4, "big")
    body = body or (len(plaintext).to_bytes(4, "big") + plaintext).ljust(padded, b"\0")
    key = hkdf(secret, b"sotto/v1/record" + RECORD + (3).to_bytes(4, "big"))
    nonce = bytes(range(76, 88))
    return head + nonce + AESGCM(key).encrypt(nonce, body, head)


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def write(name, **fields):
    lines = [f"{key} = {value.hex() if isinstance(value, bytes) else value}" for key, value in fields.items()]
    (HERE / f"{name}.txt").write_text("\n".join(lines) + "\n")


def vault(name, expect, data, passphrase=PASSPHRASE):
    write(f"header_{name}", expect=expect, passphrase=passphrase, header=data)


def sealed(name, expect, data, now=EXPIRES - 1, plaintext=PLAINTEXT):
    fields = dict(expect=expect, now=now, sealed=data)
    if expect == "ok":
        fields.update(id=RECORD, schema=1, revision=3, expires_at=EXPIRES, plaintext=plaintext)
    write(f"record_{name}", **fields)


vault("v1", "ok", header())
vault("wrong_passphrase", "WrongPassphrase", header(), PASSPHRASE.replace("Z", "z"))
vault("too_little_memory", "Damaged", header(memory=19455))
vault("too_much_memory", "Damaged", header(memory=1048577))
vault("too_few_passes", "Damaged", header(passes=1))
vault("too_many_passes", "Damaged", header(passes=17))
vault("no_lanes", "Damaged", flipped(header(), 37)[:146] + hashlib.sha256(flipped(header(), 37)[:146]).digest())
vault("too_many_lanes", "Damaged", header(lanes=5))
vault("newer_version", "Unsupported", header(version=2))
vault("other_wrapping", "Unsupported", header(wrap=2))
vault("other_magic", "Damaged", header(magic=b"SottoRec"))
vault("hash_wrong", "Damaged", flipped(header(), 177))
vault("vault_id_changed", "Damaged", header(flip=10))
vault("wrapped_key_changed", "Damaged", header(flip=98))
vault("tag_changed", "Damaged", header(flip=130))
vault("commitment_changed", "WrongPassphrase", header(flip=54))
vault("committed_to_another_key", "WrongPassphrase", header(commit_to=bytes(32)))
vault("cut_short", "Damaged", header()[:-1])
vault("trailing_byte", "Damaged", header() + b"\0")
vault("empty", "Damaged", b"")

sealed("v1", "ok", record())
sealed("empty_plaintext", "ok", record(b""), plaintext=b"")
sealed("fills_4096", "ok", record(b"a" * 4092), plaintext=b"a" * 4092)
sealed("padded_4352", "ok", record(b"b" * 4093, 4352), plaintext=b"b" * 4093)
sealed("at_expiry", "Expired", record(), EXPIRES)
sealed("long_expired", "Expired", record(), 2**64 - 1)
sealed("expired_and_altered", "Expired", flipped(record(), 100), EXPIRES)
sealed("expiry_lengthened", "Damaged", flipped(record(), 51))
sealed("id_changed", "Damaged", flipped(record(), 26))
sealed("schema_changed", "Damaged", flipped(record(), 43))
sealed("revision_changed", "Damaged", flipped(record(), 47))
sealed("padded_length_changed", "Damaged", flipped(record(), 58))
sealed("nonce_changed", "Damaged", flipped(record(), 60))
sealed("body_changed", "Damaged", flipped(record(), 72))
sealed("tag_changed", "Damaged", flipped(record(), 4168))
sealed("other_vault", "Damaged", record(vault=bytes(16)))
sealed("other_key", "Damaged", record(secret=bytes(32)))
sealed("newer_version", "Unsupported", record(version=2))
sealed("other_namespace", "Unsupported", record(namespace=2))
sealed("length_beyond_padding", "Damaged", record(body=(4093).to_bytes(4, "big").ljust(4096, b"\0")))
sealed("length_overflows", "Damaged", record(body=b"\xff" * 4 + bytes(4092)))
sealed("padding_not_zero", "Damaged", record(body=(1).to_bytes(4, "big").ljust(4095, b"\0") + b"\1"))
sealed("below_shortest", "Damaged", record(padded=4095, body=bytes(4095)))
sealed("cut_short", "Damaged", record()[:-1])
sealed("head_alone", "Damaged", record()[:72])
sealed("trailing_byte", "Damaged", record() + b"\0")
sealed("empty", "Damaged", b"")
