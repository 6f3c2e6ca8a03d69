"""One gzip member from pieces that were deflated apart (RFC 1952).

Raw DEFLATE that ends with a full flush can be joined; what gzip adds is a header, an empty last
block, and the CRC-32 and length of the whole, which follow from those of the pieces.
"""

from __future__ import annotations

import struct
from functools import lru_cache

HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""No name, no time: equal content gives equal bytes."""

_LAST_BLOCK = b"\x03\x00"
# CRC-32 reflected: bit 31 stands for x^0.
_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31

OVERHEAD = len(HEADER) + len(_LAST_BLOCK) + 8
"""Bytes that a gzip member has beside its pieces."""


def trailer(crc: int, length: int) -> bytes:
    """Return what ends a member whose uncompressed content has this CRC-32 and length in bytes."""
    return _LAST_BLOCK + struct.pack("<II", crc, length & 0xFFFFFFFF)


def combine(first: int, second: int, length: int) -> int:
    """Return the CRC-32 of two pieces joined, from theirs and the length of the second in bytes.

    >>> from zlib import crc32
    >>> combine(crc32(b"Svensk "), crc32(b"skola"), 5) == crc32(b"Svensk skola")
    True
    """
    return _multiply(_shift(length), first) ^ second


@lru_cache(maxsize=65_536)
def _shift(length: int) -> int:
    """Return x to the power of 8 × ``length``, by squaring, modulo the polynomial."""
    result, power = _ONE, _ONE >> 8
    while length:
        if length & 1:
            result = _multiply(result, power)
        power = _multiply(power, power)
        length >>= 1
    return result


def _multiply(first: int, second: int) -> int:
    """Return the product of two polynomials over GF(2), modulo the polynomial."""
    product = 0
    while first:
        if first & _ONE:
            product ^= second
        first = (first << 1) & 0xFFFFFFFF
        second = (second >> 1) ^ (_POLYNOMIAL if second & 1 else 0)
    return product
