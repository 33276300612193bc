"""Proofs under faults: nothing is lost, nothing told twice, no order changed, whatever dies; and each guard matters.

`python -m tests.prove NAME --seed S --size ci|full [--without GUARD] --json` runs one. The verdict is the
checker's, which shares no code with the hub.
"""
