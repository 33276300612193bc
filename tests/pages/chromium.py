"""A real Chromium: the system's, driven by Playwright, which brings none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

from playwright.sync_api import Browser, sync_playwright

AXE = (Path(__file__).parent / "axe" / "axe-4.12.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; raises what Playwright raises where it does not start."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Any) -> list[str]:
    """What axe finds wrong at WCAG 2.2 AA, and against good practice: the rule and where; run beside the page, which allows no script."""
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [f"{each['id']}: {node['target']}" for each in found["violations"] for node in each["nodes"]]
