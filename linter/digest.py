"""BLAKE2 without OpenSSL: `hashlib` loads all of that at its import, which takes 2 ms of a hook's hundred."""

from __future__ import annotations

try:
    from _blake2 import blake2b as blake2b
except ImportError:  # a Python that is built in another way
    from hashlib import blake2b as blake2b
