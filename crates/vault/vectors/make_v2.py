#!/usr/bin/env python3
"""Writes the cases in v2/: name by name, what every reader of the formats must accept, and what it must refuse and why.

usage: make_v2.py      needs: pip install argon2-cffi==25.1.0 cryptography==50.0.2

Every file is lines of `name = value`, bytes in hexadecimal with `[n]` for n zero bytes. `expect` is `ok` or the failure's
name. Cases are never made anew once a version of Sotto has shipped: a new format version adds a folder.
"""
import hashlib
import re
from pathlib import Path

from formats import (AESGCM, CODE, DIGITS, PASSPHRASE, PRF, VK, Journal, audit, backup, box, checksum, code_text, end,
                     file_slot, flipped, hashed, head, header, hkdf, item, key_slot, keyring, mac, meta, record, roots,
                     sha256, slot, u)

HERE = Path(__file__).parent
OUT = HERE / "v2"
NOTE, SOUND = bytes(range(160, 176)), bytes(range(176, 192))
DEK, SOUND_DEK = bytes(range(128, 160)), bytes(range(33, 65))
EXPIRES = 1_800_000_000
NOW = EXPIRES - 1
TEXT = "Denies fever. Ibuprofen 400 mg as needed.\n".encode()
ONE, TWO = b"credential one", b"credential two"


def shown(value):
    if isinstance(value, bytes):
        # Runs of zero bytes are most of a padded file.
        parts = re.split(rb"(\0{16,})", value)
        return "".join(f"[{len(part)}]" if n % 2 else part.hex() for n, part in enumerate(parts))
    return str(value)


def case(name, **fields):
    path = OUT / f"{name}.txt"
    assert not path.exists(), name
    path.write_text("".join(f"{key} = {shown(value)}".rstrip() + "\n" for key, value in fields.items()))


def rehashed(data, at, bit=1):
    """A change by someone who knows to set the hash right again."""
    return hashed(flipped(data[:-32], at, bit))


OUT.mkdir(exist_ok=True)
for old in OUT.glob("*.txt"):
    old.unlink()

# --- header -----------------------------------------------------------------------------------------------------------
passphrase, passkey, other, recovery = slot(1), slot(2, credential=ONE), slot(2, credential=TWO, prf=PRF[::-1]), slot(3)
both = slot(4, credential=ONE)
FULL = header(passphrase, passkey, other, recovery)
KEY = bytes(range(16)) + u(4, 1) + VK
by_passphrase, by_passkey, by_code = {"passphrase": PASSPHRASE}, {"prf": PRF}, {"code": code_text()}


def vault(name, expect, data, **factor):
    case(f"header_{name}", expect=expect, **factor, header=data, **({"key": KEY} if expect == "ok" else {}))


vault("passphrase", "ok", FULL, **by_passphrase)
vault("passkey", "ok", FULL, **by_passkey)
vault("second_passkey", "ok", FULL, prf=PRF[::-1])
vault("long_prf", "ok", header(slot(2, prf=PRF * 2)), prf=PRF * 2)
vault("recovery_code", "ok", FULL, **by_code)
vault("passphrase_and_passkey", "ok", header(both), **by_passphrase, prf=PRF)
vault("fips_profile", "ok", header(slot(1, 2, (0, 600_000, 0))), **by_passphrase)
vault("eight_slots", "ok", header(*[slot(2, credential=bytes([n]), prf=PRF) for n in range(8)]), **by_passkey)
vault("longest_credential", "ok", header(slot(2, credential=b"c" * 256)), **by_passkey)
vault("wrong_passphrase", "WrongPassphrase", FULL, passphrase=PASSPHRASE.replace("Z", "z"))
vault("wrong_passkey", "WrongPasskey", FULL, prf=bytes(31) + b"\1")
vault("wrong_code", "WrongCode", FULL, code=code_text(CODE[1:] + [0]))
vault("no_passphrase_slot", "WrongPassphrase", header(passkey), **by_passphrase)
vault("no_passkey_slot", "WrongPasskey", header(passphrase), **by_passkey)
vault("no_code_slot", "WrongCode", header(passphrase), **by_code)
vault("half_of_two_factors", "WrongPassphrase", header(both), **by_passphrase)
vault("other_half_of_two_factors", "WrongPasskey", header(both), **by_passkey)
vault("two_factors_with_the_wrong_passkey", "WrongPassphrase", header(both), **by_passphrase, prf=PRF[::-1])
vault("prf_too_short", "UnusablePasskey", FULL, prf=PRF[:31])
vault("prf_all_zero", "UnusablePasskey", FULL, prf=bytes(32))
vault("version_1", "Unsupported", b"SottoVlt\1" + bytes(169), **by_passkey)
vault("newer_version", "Unsupported", header(passkey, version=3), **by_passkey)
vault("other_magic", "Damaged", header(passkey, magic=b"SottoRec"), **by_passkey)
vault("magic_of_a_backup", "Damaged", header(passkey, magic=b"SottoBak"), **by_passkey)
vault("no_slots", "Damaged", header(), **by_passkey)
vault("nine_slots", "Damaged", header(*[slot(2, credential=bytes([n])) for n in range(9)]), **by_passkey)
vault("slots_overcounted", "Damaged", hashed(head(2) + passkey), **by_passkey)
vault("reserved_not_zero", "Damaged", header(passkey, zero=1), **by_passkey)
vault("hash_wrong", "Damaged", flipped(FULL, len(FULL) - 1), **by_passkey)
vault("empty", "Damaged", b"", **by_passkey)
vault("head_alone", "Damaged", FULL[:64], **by_passkey)
vault("cut_short", "Damaged", FULL[:-1], **by_passkey)
vault("trailing_byte", "Damaged", FULL + b"\0", **by_passkey)
vault("unknown_kind", "Unsupported", header(slot(5)), **by_passkey)
vault("unknown_kdf", "Unsupported", header(slot(1, 3, (19456, 2, 1))), **by_passphrase)
vault("kdf_for_a_passkey", "Damaged", header(slot(2, 1, (19456, 2, 1), credential=ONE)), **by_passkey)
vault("passphrase_without_kdf", "Damaged", header(slot(1, 0, (0, 0, 0))), **by_passphrase)
vault("cost_without_kdf", "Damaged", header(slot(2, 0, (0, 1, 0), credential=ONE)), **by_passkey)
for name, cost in {"too_little_memory": (19455, 2, 1), "too_much_memory": (1048577, 2, 1), "most_memory": (2**32 - 1, 2, 1),
                   "too_few_passes": (19456, 1, 1), "too_many_passes": (19456, 17, 1), "no_lanes": (19456, 2, 0),
                   "too_many_lanes": (19456, 2, 5)}.items():
    vault(name, "Damaged", header(slot(1, 1, cost)), **by_passphrase)
vault("too_few_iterations", "Damaged", header(slot(1, 2, (0, 599_999, 0))), **by_passphrase)
vault("too_many_iterations", "Damaged", header(slot(1, 2, (0, 2_000_001, 0))), **by_passphrase)
vault("iterations_with_memory", "Damaged", header(slot(1, 2, (1, 600_000, 0))), **by_passphrase)
vault("two_passphrases", "Damaged", header(passphrase, passphrase), **by_passphrase)
vault("passphrase_beside_two_factors", "Damaged", header(passphrase, both), **by_passphrase)
vault("two_codes", "Damaged", header(recovery, recovery), **by_code)
vault("one_passkey_twice", "Damaged", header(passkey, passkey), **by_passkey)
vault("credential_too_long", "Damaged", header(slot(2, credential=b"c" * 256, length=257)), **by_passkey)
vault("credential_of_a_passphrase", "Damaged", header(slot(1, credential=ONE)), **by_passphrase)
vault("credential_padding_not_zero", "Damaged", header(slot(2, credential=ONE, padding=b"\0\1")), **by_passkey)
single = header(passkey)
for name, at, expect in [("vault_id", 20, "Damaged"), ("generation", 15, "Damaged"), ("prf_salt", 40, "Damaged"),
                         ("salt", 64 + 20, "WrongPasskey"), ("commitment", 64 + 40, "WrongPasskey"),
                         ("wrapped_key", 64 + 80, "Damaged"), ("tag", 64 + 120, "Damaged"), ("nonce", 64 + 64, "Damaged"),
                         ("credential", 64 + 185, "Damaged")]:
    vault(f"{name}_changed", expect, rehashed(single, at), **by_passkey)
vault("passes_changed", "WrongPassphrase", rehashed(header(passphrase), 64 + 11), **by_passphrase)
vault("slot_of_another_vault", "Damaged", header(slot(2, credential=ONE, vault=bytes(16))), **by_passkey)

# --- the vault of all further cases: a passkey, a note, a recording ---------------------------------------------------
ring_slots = [file_slot(), key_slot(NOTE, DEK, expires=EXPIRES), key_slot(SOUND, SOUND_DEK, 3, 1, counter=2, expires=EXPIRES)]
case("vault", header=FULL, prf=PRF, keyring=keyring(ring_slots), note=NOTE, sound=SOUND)

# --- records ----------------------------------------------------------------------------------------------------------


def note(plaintext=TEXT, padded=4096, **fields):
    return record(fields.pop("dek", DEK), fields.pop("rid", NOTE), plaintext, padded, fields.pop("expires", EXPIRES), **fields)


def sealed(name, expect, data, now=NOW, plaintext=TEXT, **fields):
    if expect == "ok":
        fields.update(schema=1, revision=3, expires_at=EXPIRES, plaintext=plaintext)
    case(f"record_{name}", expect=expect, now=now, sealed=data, **fields)


sealed("plain", "ok", note())
sealed("empty_plaintext", "ok", note(b""), plaintext=b"")
sealed("fills_4096", "ok", note(b"a" * 4092), plaintext=b"a" * 4092)
sealed("padded_4352", "ok", note(b"b" * 4093, 4352), plaintext=b"b" * 4093)
sealed("last_second", "ok", note(), EXPIRES - 1)
sealed("at_expiry", "Expired", note(), EXPIRES)
sealed("long_expired", "Expired", note(), 2**64 - 1)
sealed("expires_before_its_slot", "Expired", note(expires=EXPIRES - 10), EXPIRES - 10)
for name, at in [("namespace", 10), ("class", 11), ("vault_id", 12), ("id", 28), ("schema", 45), ("revision", 49), ("expiry", 52),
                 ("padded_length", 60), ("nonce", 62), ("body", 74), ("last_of_the_body", 4169), ("tag", 4170), ("last_of_the_tag", 4185)]:
    sealed(f"{name}_changed", "Damaged", flipped(note(), at, 2))
sealed("newer_version", "Unsupported", note(version=3))
sealed("version_1", "Unsupported", b"SottoRec\1\1" + bytes(4300))
sealed("unknown_algorithm", "Unsupported", note(alg=2))
sealed("unknown_namespace", "Unsupported", note(namespace=9))
sealed("namespace_zero", "Unsupported", note(namespace=0))
sealed("unknown_class", "Unsupported", note(cls=7))
sealed("other_namespace", "Damaged", note(namespace=2))
sealed("other_class", "Damaged", note(cls=2))
sealed("other_vault", "Damaged", note(vault=bytes(16)))
sealed("other_record", "Damaged", note(rid=SOUND))
sealed("other_key", "Damaged", note(dek=SOUND_DEK))
sealed("other_magic", "Damaged", b"SottoVlt" + note()[8:])
sealed("length_beyond_padding", "Damaged", note(body=u(4, 4093).ljust(4096, b"\0")))
sealed("length_overflows", "Damaged", note(body=b"\xff" * 4 + bytes(4092)))
sealed("padding_not_zero", "Damaged", note(body=u(4, 1).ljust(4095, b"\0") + b"\1"))
sealed("below_shortest", "Damaged", note(padded=4095, body=bytes(4095)))
sealed("cut_short", "Damaged", note()[:-1])
sealed("head_alone", "Damaged", note()[:74])
sealed("trailing_byte", "Damaged", note() + b"\0")
sealed("empty", "Damaged", b"")

# --- keyring ----------------------------------------------------------------------------------------------------------
own, first, second = ring_slots
shredded = checksum(bytes([2, 0, 0, 0]) + u(4, 1) + u(8, 3) + b"\xa5" * 104)


def ring(name, file, expect="ok", repairs=0, damaged=0, records=2, opens="ok"):
    told = dict(repairs=repairs, damaged=damaged, records=records, opens=opens) if expect == "ok" else {}
    case(f"keyring_{name}", expect=expect, **told, file=file)


def twice(*slots):
    return keyring([own, *slots])


ring("healthy", keyring(ring_slots))
ring("without_its_zeros", keyring(ring_slots)[:4096 + 3 * 128])
ring("empty_slots_between", twice(bytes(128), first, bytes(128), second))
ring("second_copy_missing", keyring(ring_slots)[:4096], repairs=3)
ring("first_copy_zero", keyring([], ring_slots), repairs=3)
ring("first_torn", keyring([own, first[:60] + bytes(68), second], ring_slots), repairs=1)
ring("second_torn", keyring(ring_slots, [own, first[:60] + bytes(68), second]), repairs=1)
ring("both_torn", twice(first[:60] + bytes(68), second), damaged=1, records=1, opens="Gone")
ring("first_write_torn", twice(first, second)[:384] + first[:30] + twice(first, second)[414:], repairs=1)
ring("newer_copy_wins", keyring([own, key_slot(NOTE, DEK, expires=5, counter=9), second], ring_slots), repairs=1, opens="Expired")
ring("newer_second_copy_wins", keyring(ring_slots, [own, key_slot(NOTE, DEK, expires=5, counter=9), second]), repairs=1, opens="Expired")
ring("half_shredded", keyring([own, shredded, second], ring_slots), repairs=1, records=1, opens="Gone")
ring("shredded", twice(shredded, second), records=1, opens="Gone")
ring("other_generation_in_the_first_copy", keyring([file_slot(generation=2), key_slot(NOTE, DEK, generation=2, key=PRF), second], ring_slots), repairs=2)
ring("other_generation", keyring([file_slot(generation=2)]), "Damaged")
ring("other_vault", keyring([file_slot(vault=bytes(16))]), "Damaged")
ring("other_magic", keyring([file_slot(magic=b"SottoRec")]), "Damaged")
ring("newer_version", keyring([file_slot(version=2)]), "Unsupported")
ring("empty", b"", "Damaged")
ring("zeros", bytes(8192), "Damaged")
ring("one_record_twice", twice(first, key_slot(NOTE, DEK, expires=EXPIRES, counter=3)), "Damaged")
ring("expired", twice(key_slot(NOTE, DEK, expires=NOW)), records=1, opens="Expired")
ring("legal_hold", twice(key_slot(NOTE, DEK, hold=1, expires=5)), records=1)
ring("hold_is_no_bit", twice(key_slot(NOTE, DEK, hold=2, expires=EXPIRES)), damaged=1, records=0, opens="Gone")
ring("unknown_state", twice(key_slot(NOTE, DEK, state=3, expires=EXPIRES)), damaged=1, records=0, opens="Gone")
ring("unknown_namespace", twice(key_slot(NOTE, DEK, namespace=9, expires=EXPIRES)), damaged=1, records=0, opens="Gone")
ring("unknown_class", twice(key_slot(NOTE, DEK, cls=0, expires=EXPIRES)), damaged=1, records=0, opens="Gone")
ring("slot_of_another_vault", twice(key_slot(NOTE, DEK, expires=EXPIRES, vault=bytes(16))), damaged=1, records=0, opens="Gone")
ring("wrapped_under_another_key", twice(key_slot(NOTE, DEK, expires=EXPIRES, key=PRF)), records=1, opens="Damaged")
for name, at, bit in [("expiry", 34, 1), ("hold", 3, 1), ("class", 2, 1), ("namespace", 1, 3), ("counter", 15, 1), ("wrapped_key", 60, 1),
                      ("tag", 90, 1)]:
    ring(f"{name}_changed_with_its_checksum", twice(checksum(flipped(first[:120], at, bit))), records=1, opens="Damaged")

# --- state and audit log ----------------------------------------------------------------------------------------------
rows, macs = audit([(NOW + n, event, n) for n, event in enumerate([1, 2, 20, 31, 33])])


def state(name, expect, data):
    case(f"state_{name}", expect=expect, state=data)


state("new", "ok", meta())
state("with_a_log", "ok", meta(count=5, last=macs[-1]))
state("newer_version", "Unsupported", meta(version=3))
state("other_magic", "Damaged", meta(magic=b"SottoVlt"))
state("other_vault", "Damaged", meta(vault=bytes(16)))
state("other_generation", "Damaged", meta(generation=2))
state("other_key", "Damaged", meta(key=PRF))
state("reserved_not_zero", "Damaged", meta(spare=b"\1" + bytes(35)))
state("cut_short", "Damaged", meta()[:-1])
state("trailing_byte", "Damaged", meta() + b"\0")
state("empty", "Damaged", b"")
for name, at in [("header_hash", 50), ("keyring_counter", 79), ("clock", 95), ("log_count", 159), ("log_end", 170), ("log_root", 210),
                 ("mac", 300)]:
    state(f"{name}_changed", "Damaged", flipped(meta(), at))


FIRST, LAST = (NOTE, 1), (SOUND, 3)
state("roots_none", "ok", meta(version=2, spare=roots()))
state("roots_two", "ok", meta(version=2, spare=roots(FIRST, LAST)))
state("roots_out_of_order", "Damaged", meta(version=2, spare=roots(LAST, FIRST)))
state("roots_one_twice", "Damaged", meta(version=2, spare=roots(FIRST, (NOTE, 2))))
state("roots_fewer_than_said", "Damaged", meta(version=2, spare=roots(FIRST, LAST, count=3)))
state("roots_more_than_said", "Damaged", meta(version=2, spare=roots(FIRST, LAST, count=1)))
state("roots_without_number", "Damaged", meta(version=2, spare=b""))
state("roots_revision_changed", "Damaged", flipped(meta(version=2, spare=roots(FIRST, LAST)), 275))
state("roots_in_version_1", "Damaged", meta(spare=roots(FIRST, LAST)))


def log(name, verdict, found, **fields):
    fields = dict(count=5, last=macs[-1]) | fields
    case(f"log_{name}", expect=verdict, state=meta(**fields), rows=" ".join(row.hex() for row in found))


log("intact", "Intact { rows: 5 }", rows)
log("empty", "Intact { rows: 0 }", [], count=0, last=bytes(32))
log("pruned", "Intact { rows: 3 }", rows[2:], first=2, before=macs[1])
log("first_removed", "Broken { number: 0 }", rows[1:])
log("one_removed", "Broken { number: 2 }", rows[:2] + rows[3:])
log("last_removed", "Short { number: 4 }", rows[:4])
log("all_removed", "Short { number: 0 }", [])
log("two_exchanged", "Broken { number: 1 }", [rows[0], rows[2], rows[1], *rows[3:]])
log("one_repeated", "Broken { number: 2 }", [*rows[:2], *rows[1:]])
log("one_more", "Long { number: 4 }", rows, count=4, last=macs[3])
log("one_altered", "Broken { number: 3 }", [*rows[:3], flipped(rows[3], 40), rows[4]])
log("row_cut_short", "Broken { number: 4 }", [*rows[:4], rows[4][:-1]])
log("row_too_long", "Broken { number: 0 }", [rows[0] + b"\0", *rows[1:]])
log("of_another_root", "Broken { number: 0 }", rows, root=bytes(32))
log("end_of_another_log", "Broken { number: 4 }", rows, last=bytes(32))
forged, _ = audit([(NOW + n, event, n) for n, event in enumerate([1, 2, 40, 31, 33])])
log("event_forged_without_the_chain", "Broken { number: 3 }", [*rows[:2], forged[2], *rows[3:]])

# --- journal ----------------------------------------------------------------------------------------------------------
j = Journal(SOUND_DEK, SOUND)
frames = [j.frame(n, n * 10, [n + 1] * 10) for n in range(4)]
last = j.frame(4, 40, [], last=1)


def journal(name, file, expect="ok", samples=40, gaps=0, complete=True):
    told = dict(samples=samples, gaps=gaps, complete=str(complete).lower()) if expect == "ok" else {}
    case(f"journal_{name}", expect=expect, **told, file=file)


def recorded(*parts, head=j.head):
    return head + b"".join(parts)


journal("whole", recorded(*frames, last))
journal("samples_in_the_last_frame", recorded(*frames[:3], j.frame(3, 30, [9] * 10, last=1)))
journal("interrupted", recorded(*frames), complete=False)
journal("torn", recorded(*frames)[:-1], samples=30, complete=False)
journal("torn_after_a_mark", recorded(*frames, last[:4]), complete=False)
journal("nothing_recorded", j.head, samples=0, complete=False)
journal("stopped_at_once", recorded(j.frame(0, 0, [], last=1)), samples=0)
journal("microphone_away", recorded(frames[0], j.frame(1, 500, [2] * 10), j.frame(2, 510, [], last=1)), samples=20, gaps=1)
journal("began_late", recorded(j.frame(0, 500, [1] * 10)), samples=10, gaps=1, complete=False)
journal("one_removed", recorded(*frames[:2], frames[3], last), samples=30, gaps=1)
journal("two_exchanged", recorded(frames[0], frames[2], frames[1], frames[3], last), samples=30, gaps=1)
journal("one_repeated", recorded(frames[0], *frames, last))
journal("one_altered", recorded(frames[0], flipped(frames[1], 25), *frames[2:], last), samples=30, gaps=1)
journal("mark_altered", recorded(frames[0], flipped(frames[1], 0), *frames[2:], last), samples=30, gaps=1)
journal("length_altered", recorded(frames[0], flipped(frames[1], 16, 128), *frames[2:], last), samples=30, gaps=1)
journal("place_altered", recorded(frames[0], flipped(frames[1], 15), *frames[2:], last), samples=30, gaps=1)
journal("junk_between", recorded(frames[0], b"SotFjunk", *frames[1:], last))
journal("last_flag_set_by_hand", recorded(*frames[:3], flipped(frames[3], 19)), samples=30, complete=False)
journal("last_flag_without_its_nonce", recorded(*frames[:3], j.frame(3, 30, [4] * 10, 1, 0)), samples=30, complete=False)
journal("something_after_the_end", recorded(*frames, last, frames[0]))
journal("frame_of_another_session", recorded(*frames, Journal(DEK, SOUND).frame(4, 40, [7] * 10)), complete=False)
journal("other_magic", recorded(*frames, head=b"SottoRec" + j.head[8:]), "Damaged")
journal("newer_version", recorded(*frames, head=Journal(SOUND_DEK, SOUND, version=2).head), "Unsupported")
journal("reserved_not_zero", recorded(*frames, head=Journal(SOUND_DEK, SOUND, zero=1).head), "Damaged")
journal("other_vault", recorded(*frames, head=Journal(SOUND_DEK, SOUND, vault=bytes(16)).head), "Damaged")
journal("other_record", recorded(*frames, head=Journal(SOUND_DEK, NOTE).head), "Damaged")
journal("rate_altered", recorded(*frames, head=flipped(j.head, 15)), samples=0, complete=False)
journal("head_cut_short", j.head[:-1], "Damaged")
journal("empty", b"", "Damaged")

# --- backup -----------------------------------------------------------------------------------------------------------
BACKUP_KEY = bytes(range(90, 122))


def bak_slot(kind=2, **fields):
    fields = dict(credential=ONE if kind in (2, 4) else b"", magic=b"SottoBak", key=BACKUP_KEY, kept=False) | fields
    return slot(kind, **fields)


A, B = item(NOTE, TEXT, expires=EXPIRES), item(SOUND, b"x" * 70_000, 2, 2, expires=EXPIRES, revision=9)


def bak(name, expect, content=A + B + end(2), file=None, records=2, now=NOW, slots=None, **fields):
    file = backup(content, *(slots or [bak_slot()]), **fields) if file is None else file
    told = dict(records=records, sha256=hashlib.sha256(TEXT).digest()) if expect == "ok" else {}
    case(f"backup_{name}", expect=expect, now=now, prf=PRF, **told, file=file)


small = A + end(1)
one = backup(small, bak_slot())
bak("one_record", "ok", small, records=1)
bak("two_chunks", "ok", records=2)
bak("fills_a_chunk", "ok", A + item(SOUND, b"y" * (65536 - len(A) - 42 - 5), expires=EXPIRES) + end(2))
bak("one_byte_more_than_a_chunk", "ok", A + item(SOUND, b"y" * (65536 - len(A) - 42 - 4), expires=EXPIRES) + end(2))
bak("empty_record", "ok", A + item(SOUND, b"", expires=EXPIRES) + end(2))
bak("one_expired", "ok", A + item(SOUND, b"old", expires=NOW) + end(2), records=1)
bak("expired_on_hold", "ok", A + item(SOUND, b"old", expires=NOW, hold=1) + end(2), records=2)
bak("wrong_key", "NotABackup", small, key=VK)
bak("empty", "NotABackup", file=b"")
bak("header_alone", "NotABackup", file=one[:536])
bak("cut_short", "NotABackup", file=one[:-1])
bak("trailing_byte", "NotABackup", file=one + b"\0")
bak("header_of_a_vault", "NotABackup", file=header(passkey) + one[536:])
bak("other_header", "NotABackup", file=backup(small, bak_slot(credential=TWO))[:536] + one[536:])
bak("newer_version", "Unsupported", small, version=3)
bak("tag_changed", "NotABackup", file=flipped(one, len(one) - 1))
bak("body_changed", "NotABackup", file=flipped(one, 540))
bak("kept_key_in_a_backup", "NotABackup", small, slots=[bak_slot(kept=True)])
bak("asks_for_too_much_memory", "NotABackup", small, slots=[bak_slot(1, cost=(65537, 3, 1)), bak_slot()])
bak("two_kdfs", "NotABackup", small, slots=[bak_slot(1), bak_slot(1), bak_slot()])
two = backup(A + B + end(2), bak_slot())
chunk = 65536 + 16
bak("last_chunk_missing", "NotABackup", file=two[:536 + chunk])
bak("first_chunk_missing", "NotABackup", file=two[:536] + two[536 + chunk:])
bak("chunks_exchanged", "NotABackup", file=two[:536] + two[536 + chunk:] + two[536:536 + chunk])
bak("chunk_repeated", "NotABackup", file=two[:536 + chunk] + two[536:])
bak("empty_last_chunk", "NotABackup", chunks=[small, b""])
bak("no_end", "NotABackup", A)
bak("nothing_at_all", "NotABackup", b"")
bak("only_an_end", "ok", A + end(1), records=1)
bak("end_twice", "NotABackup", small + end(1))
bak("record_after_the_end", "NotABackup", small + A)
bak("wrong_count", "NotABackup", A + end(2))
bak("one_id_twice", "NotABackup", A + A + end(2))
bak("unknown_entry", "NotABackup", item(NOTE, TEXT, expires=EXPIRES, tag=2) + end(1))
bak("unknown_namespace", "Unsupported", item(NOTE, TEXT, 99, expires=EXPIRES) + end(1))
bak("unknown_class", "Unsupported", item(NOTE, TEXT, 1, 99, expires=EXPIRES) + end(1))
bak("hold_is_no_bit", "NotABackup", item(NOTE, TEXT, hold=2, expires=EXPIRES) + end(1))
bak("length_beyond_the_file", "NotABackup", item(NOTE, TEXT, length=10_000, expires=EXPIRES) + end(1))
bak("length_of_2_to_the_31", "TooLarge", item(NOTE, TEXT, length=2**31, expires=EXPIRES) + end(1))
bak("length_of_2_to_the_64", "TooLarge", item(NOTE, TEXT, length=2**64 - 1, expires=EXPIRES) + end(1))
bak("length_of_an_expired_record", "TooLarge", item(NOTE, TEXT, length=2**63, expires=1) + end(1))

# --- the clock's mark and the recovery code -----------------------------------------------------------------------------
plain = u(8, EXPIRES) + bytes(16)
held = u(8, EXPIRES) + u(8, EXPIRES + 10**7) + u(8, EXPIRES + 10**7 + 5)
for name, expect, data in [("plain", "ok", plain + sha256(plain)[:8]), ("doubted", "ok", held + sha256(held)[:8]),
                           ("checksum_wrong", "Damaged", plain + bytes(8)), ("time_changed", "Damaged", flipped(plain, 3) + sha256(plain)[:8]),
                           ("cut_short", "Damaged", (plain + sha256(plain)[:8])[:-1]), ("trailing_byte", "Damaged", plain + sha256(plain)[:8] + b"\0"),
                           ("empty", "Damaged", b"")]:
    case(f"mark_{name}", expect=expect, mark=data, **({"time": EXPIRES} if expect == "ok" else {}))
good = code_text()
wrong = DIGITS[(DIGITS.index(good[0]) + 1) % 32]
for name, expect, typed in [("as_printed", "ok", good), ("lower_case", "ok", good.lower()), ("without_dashes", "ok", good.replace("-", "")),
                            ("with_spaces", "ok", " " + good.replace("-", "  ") + "\t"), ("wrong_digit", "MistypedCode", wrong + good[1:]),
                            ("wrong_check", "MistypedCode", good[:-1] + ("0" if good[-1] != "0" else "1")),
                            ("two_exchanged", "MistypedCode", good[1] + good[0] + good[2:]), ("one_missing", "MistypedCode", good[1:]),
                            ("one_too_many", "MistypedCode", good + "0"), ("letter_u", "MistypedCode", "U" + good[1:]),
                            ("not_ascii", "MistypedCode", "é" + good[1:]), ("empty", "MistypedCode", "")]:
    case(f"code_{name}", expect=expect, typed=typed, **({"text": good} if expect == "ok" else {}))

# --- ten thousand operations, as `vault::check::accumulated` describes them -------------------------------------------
accumulated = hashlib.sha256()
for n in range(10_000):
    seed = sha256(b"sotto accumulated" + u(4, n))
    key = hkdf(seed, b"key")
    ciphertext = AESGCM(key).encrypt(seed[20:], bytes([seed[2]]) * seed[1], seed[:seed[0] % 33])
    accumulated.update(ciphertext + mac(key, ciphertext[:-16]))
(HERE / "accumulated.txt").write_text(accumulated.hexdigest() + "\n")
print(f"{len(list(OUT.glob('*.txt'))) - 1} cases")
