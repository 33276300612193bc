"""How large a record may be."""

MAX_FRAME = 256 * 1024
"""Bytes of one record's value on the wire, header included; more is rejected by readers and refused by writers."""
