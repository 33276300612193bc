"""The page of proofs says of each what it showed last."""

from typing import Any

from tests.prove.every import page


def report(name: str, *, ok: bool | None, seconds: float) -> dict[str, Any]:
    return {"name": name, "seed": 1, "size": "full", "ok": ok, "counts": {"sourced": 3, "lost": 0}, "kills": 2, "seconds": seconds}


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| ")][2:]


def test_a_proof_run_again_takes_the_place_of_its_earlier_row_and_leaves_the_others() -> None:
    first = page("", [report("order", ok=True, seconds=1.0), report("tail-loss", ok=False, seconds=2.0)], "abc1234", "2026-11-23")
    second = page(first, [report("tail-loss", ok=True, seconds=3.0)], "def5678", "2026-11-24")
    assert [line.split(" | ")[0] for line in rows(second)] == ["| order", "| tail-loss"]
    assert rows(second)[0] == rows(first)[0]
    assert "| yes |" in rows(second)[1]
    assert "def5678 | 2026-11-24" in rows(second)[1]


def test_a_proof_that_could_not_run_says_so() -> None:
    assert "could not run" in rows(page("", [report("disk", ok=None, seconds=0.0)], "abc1234", "2026-11-23"))[0]
