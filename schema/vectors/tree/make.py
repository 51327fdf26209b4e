#!/usr/bin/env python3
"""Makes the golden vectors of this folder from fixed seeds, with hashlib and python3-cryptography and nothing of the
ledger's own code. `make.py` says whether the files are what it would write; `make.py write` writes them."""

import base64
import hashlib
import pathlib
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

FOLDER = pathlib.Path(__file__).resolve().parent
LOG, LOG_SEED = "ledger.example.org/enquiries", bytes([0x11]) * 32
WITNESS, WITNESS_SEED = "witness.example.net/w1", bytes([0x22]) * 32
TIME = 1790000000
INCLUSIONS = [(0, 1), (69, 70), (300, 513), (511, 512), (512, 513), (255, 65537), (65535, 65536), (65536, 65537)]
CONSISTENCIES = [(1, 513), (255, 257), (256, 513), (300, 513), (512, 513), (257, 65537), (65535, 65537), (65536, 65537)]
SIZES = [*range(0, 71), *range(255, 259), *range(511, 514), 1024, 1025, 4096, 65535, 65536, 65537]


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data):
    return base64.b64encode(data).decode()


def leaf_hash(leaf):
    return sha(b"\0", leaf)


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def root(hashes):
    """RFC 6962 section 2.1."""
    if not hashes:
        return sha()
    while len(hashes) > 1:
        # row by row: the last of an odd row goes up as it is
        hashes = [sha(b"\1", *hashes[i : i + 2]) if i + 1 < len(hashes) else hashes[i] for i in range(0, len(hashes), 2)]
    return hashes[0]


def inclusion(index, hashes):
    """RFC 6962 section 2.1.1."""
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if index < k:
        return inclusion(index, hashes[:k]) + [root(hashes[k:])]
    return inclusion(index - k, hashes[k:]) + [root(hashes[:k])]


def consistency(old, hashes, known=True):
    """RFC 6962 section 2.1.2."""
    if old == len(hashes):
        return [] if known else [root(hashes)]
    k = split(len(hashes))
    if old <= k:
        return consistency(old, hashes[:k], known) + [root(hashes[k:])]
    return consistency(old - k, hashes[k:], False) + [root(hashes[:k])]


def line(word, first, size, path):
    return " ".join([word, str(first), str(size), *(h.hex() for h in path)]) + "\n"


def key(seed):
    private = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    return private, private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(name, kind, public):
    return sha(name.encode(), b"\n", bytes([kind]), public)[:4]


def vkey(name, kind, seed):
    public = key(seed)[1]
    return f"{name}+{key_id(name, kind, public).hex()}+{b64(bytes([kind]) + public)}\n"


def signature(text, name, seed):
    private, public = key(seed)
    return f"\u2014 {name} {b64(key_id(name, 1, public) + private.sign(text.encode()))}\n"


def cosignature(text, name, seed, time):
    private, public = key(seed)
    message = f"cosignature/v1\ntime {time}\n{text}".encode()
    return f"\u2014 {name} {b64(key_id(name, 4, public) + time.to_bytes(8, 'big') + private.sign(message))}\n"


def files():
    leaves = [str(i).encode() for i in range(max(SIZES))]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    note = "The first line of a note.\n\nA third, after an empty one: \u00e9.\n"
    checkpoint = f"{LOG}\n513\n{b64(root(hashes[:513]))}\n"
    signed = f"{checkpoint}\n{signature(checkpoint, LOG, LOG_SEED)}"
    cosigned = signed + cosignature(checkpoint, WITNESS, WITNESS_SEED, TIME)
    path = "".join(b64(h) + "\n" for h in inclusion(300, hashes[:513]))
    proof = f"c2sp.org/tlog-proof@v1\nextra {b64(leaves[300])}\nindex 300\n{path}\n"
    return {
        "log.vkey": vkey(LOG, 1, LOG_SEED),
        "witness.vkey": vkey(WITNESS, 4, WITNESS_SEED),
        "note.txt": f"{note}\n{signature(note, LOG, LOG_SEED)}",
        "checkpoint.txt": signed,
        "cosigned.txt": cosigned,
        "logged.tlog-proof": proof + signed,
        "witnessed.tlog-proof": proof + cosigned,
        "proofs.txt": "".join(line("inclusion", i, n, inclusion(i, hashes[:n])) for i, n in INCLUSIONS)
        + "".join(line("consistency", m, n, consistency(m, hashes[:n])) for m, n in CONSISTENCIES),
        "roots.txt": "".join(f"root {n} {root(hashes[:n]).hex()}\n" for n in SIZES),
    }


def main():
    differing = 0
    for name, text in files().items():
        path = FOLDER / name
        if sys.argv[1:] == ["write"]:
            path.write_bytes(text.encode())
        elif not path.exists() or path.read_bytes() != text.encode():
            print(f"{name} differs")
            differing += 1
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
