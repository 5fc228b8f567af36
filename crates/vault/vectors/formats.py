"""The formats of version 2 once more, sharing no code with src/: what `make_v2.py` builds its cases from.

needs: pip install argon2-cffi==25.1.0 cryptography==50.0.2
"""
import hashlib
import hmac

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PASSPHRASE = "Grüße aus Zürich: seven quiet herons"
VAULT, PRF_SALT, SALT = bytes(range(16)), bytes(range(100, 132)), bytes(range(16, 32))
VK = bytes(range(32, 64))
PRF = bytes(range(200, 232))
CODE = list(range(6, 32))
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHUNK = 65536


def u(width, value):
    return value.to_bytes(width, "big")


def hkdf(ikm, info, salt=None):
    return HKDF(hashes.SHA256(), 32, salt, info).derive(ikm)


def mac(key, data):
    return hmac.digest(key, data, "sha256")


def sha256(data):
    return hashlib.sha256(data).digest()


def box(key, nonce, text, aad=b""):
    return nonce + AESGCM(key).encrypt(nonce, text, aad)


def flipped(data, at, bit=1):
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]


def code_text(digits=CODE, check=None):
    value = 0
    for digit in digits:
        value = value * 32 + digit
    assert value % 37 < 32
    text = "".join(DIGITS[d] for d in digits) + DIGITS[value % 37 if check is None else check]
    return "-".join(text[i:i + 4] for i in range(0, len(text), 4))


# --- header -----------------------------------------------------------------------------------------------------------

def head(slots, magic=b"SottoVlt", version=2, zero=0, generation=1, vault=VAULT):
    return magic + bytes([version, slots]) + u(2, zero) + u(4, generation) + vault + PRF_SALT


def stretched(kind, kdf, cost, passphrase, prf):
    memory, passes, lanes = cost
    first = second = b""
    if kind in (1, 4):
        # A cost that is refused is never spent: any stands for it.
        if kdf == 2:
            first = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), SALT, passes if passes < 10**6 else 1)
        else:
            memory, passes, lanes = (memory, passes, lanes) if 19456 <= memory <= 65536 and 1 <= lanes <= 4 else (64, 1, 1)
            first = hash_secret_raw(passphrase.encode(), SALT, passes, memory, lanes, 32, Type.ID, 0x13)
    if kind in (2, 4):
        second = hkdf(prf, b"sotto/v2/prf", SALT)
    if kind == 3:
        return hkdf(bytes(CODE), b"sotto/v2/recovery", SALT)
    return hkdf(first + second, b"sotto/v2/both", SALT) if kind == 4 else first or second


def slot(kind, kdf=None, cost=None, credential=b"", magic=b"SottoVlt", key=VK, length=None, padding=b"", prf=PRF,
         passphrase=PASSPHRASE, vault=VAULT, kept=True):
    kdf = (1 if kind in (1, 4) else 0) if kdf is None else kdf
    cost = ((19456, 2, 1) if kdf == 1 else (0, 0, 0)) if cost is None else cost
    secret = stretched(kind, kdf, cost, passphrase, prf)
    front = bytes([kind, kdf]) + u(2, len(credential) if length is None else length)
    front += b"".join(u(4, part) for part in cost) + SALT + hkdf(secret, b"sotto/v2/commit")
    whole = head(0, magic, vault=vault)
    aad = whole[:9] + whole[12:] + front + credential
    wrapping = hkdf(secret, b"sotto/v2/wrap")
    front += box(wrapping, bytes(range(64, 76)), key, aad)
    front += box(hkdf(key, b"sotto/v2/slots" + vault), bytes(range(76, 88)), wrapping, aad) if kept else bytes(60)
    return front + (credential + padding).ljust(256, b"\0")


def hashed(data):
    return data + sha256(data)


def header(*slots, **fields):
    return hashed(head(len(slots), **fields) + b"".join(slots))


# --- keyring and records ----------------------------------------------------------------------------------------------

def checksum(body, vault=VAULT):
    return body + sha256(b"sotto/v1/slot" + vault + body)[:8]


def file_slot(magic=b"SottoKey", version=1, generation=1, vault=VAULT):
    return checksum((magic + bytes([version, 0, 0, 0]) + u(4, generation) + vault).ljust(120, b"\0"), vault)


def key_slot(record, dek, namespace=1, cls=3, hold=0, generation=1, counter=1, expires=0, state=1, key=VK, vault=VAULT):
    front = bytes([state, namespace, cls, hold]) + u(4, generation) + u(8, counter) + record + u(8, expires)
    wrap = hkdf(key, b"sotto/v2/wrap" + vault)
    return checksum((front + box(wrap, bytes(range(12)), dek, vault + front)).ljust(120, b"\0"), vault)


def keyring(slots, second=None):
    """Two copies of a first pair of pages; the file's own slot comes first."""
    pages = [b"".join(copy).ljust(4096, b"\0") for copy in (slots, slots if second is None else second)]
    return b"".join(pages)


def record(dek, rid, plaintext, padded=4096, expires=0, version=2, alg=1, namespace=1, cls=3, vault=VAULT, body=None,
           schema=1, revision=3):
    front = b"SottoRec" + bytes([version, alg, namespace, cls]) + vault + rid
    front += u(2, schema) + u(4, revision) + u(8, expires) + u(4, padded)
    body = body or (u(4, len(plaintext)) + plaintext).ljust(padded, b"\0")
    return front + box(hkdf(dek, b"sotto/v2/rev" + u(4, revision)), bytes(range(88, 100)), body, front)


# --- state, audit log, journal, backup --------------------------------------------------------------------------------

def roots(*pairs, count=None):
    """Records with their newest revisions, as they end a state of version 2."""
    return u(4, len(pairs) if count is None else count) + b"".join(rid + u(4, revision) for rid, revision in pairs)


def meta(magic=b"SottoMta", version=1, generation=1, vault=VAULT, root=bytes(range(7, 39)), first=0, before=bytes(32), count=0,
         last=bytes(32), key=VK, spare=bytes(36), mark=u(8, 0) + bytes(16)):
    text = magic + bytes([version, 0, 0, 0]) + u(4, generation) + vault + u(8, 1) + bytes(32) + u(8, 0) + u(8, 0) + mark
    text += u(8, first) + before + u(8, count) + last
    text += box(hkdf(key, b"sotto/v2/log" + vault), bytes(12), root, u(4, generation) + vault) + spare
    return text + mac(hkdf(key, b"sotto/v2/meta" + vault), text)


def audit(events, root=bytes(range(7, 39)), vault=VAULT):
    """Rows of `(time, event, detail)`, and each row's MAC."""
    chain, before, rows, macs = hkdf(root, b"sotto/v2/log-chain"), bytes(32), [], []
    for number, (time, event, detail) in enumerate(events):
        plain = u(8, time) + u(2, event) + u(2, 0) + u(4, detail) + bytes(16)
        before = mac(chain, before + vault + u(8, number) + plain)
        nonce = u(12, number)
        rows.append(u(8, number) + box(hkdf(root, b"sotto/v2/log-read"), nonce, plain + before, vault + u(8, number)))
        macs.append(before)
        chain = hkdf(chain, b"sotto/v2/log-next")
    return rows, macs


class Journal:
    def __init__(self, dek, rid, rate=16000, magic=b"SottoAud", version=1, zero=0, vault=VAULT):
        self.head = magic + bytes([version]) + u(3, zero) + u(4, rate) + vault + rid + bytes(range(50, 66))
        self.key = hkdf(dek, b"sotto/v2/journal" + self.head)

    def frame(self, sequence, first, samples, last=0, nonce_last=None, mark=b"SotF"):
        text = b"".join(s.to_bytes(2, "little", signed=True) for s in samples)
        nonce = u(11, sequence) + bytes([last if nonce_last is None else nonce_last])
        aad = self.head[48:] + u(4, sequence) + u(8, first)
        return mark + u(4, sequence) + u(8, first) + u(2, len(samples)) + u(2, last) + AESGCM(self.key).encrypt(nonce, text, aad)


def item(rid, plaintext, namespace=1, cls=3, hold=0, schema=1, revision=3, expires=0, length=None, tag=1):
    front = bytes([tag, namespace, cls, hold]) + u(2, schema) + u(4, revision) + u(8, expires) + rid
    return front + u(8, len(plaintext) if length is None else length) + plaintext


def end(records):
    return b"\xff" + u(4, records)


def backup(content, *slots, key=bytes(range(90, 122)), chunks=None, **fields):
    front = header(*slots, magic=b"SottoBak", **fields)
    stream = AESGCM(hkdf(key, b"sotto/v2/backup" + sha256(front)))
    pieces = chunks or [content[i:i + CHUNK] for i in range(0, max(len(content), 1), CHUNK)]
    for number, piece in enumerate(pieces):
        front += stream.encrypt(u(11, number) + bytes([number == len(pieces) - 1]), piece, b"")
    return front
