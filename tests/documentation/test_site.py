"""The documentation is a site without a broken link, and every page for a reader stands in its navigation."""

import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree

ROOT = Path(__file__).parents[2]


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    """The site of these pages, any warning an error."""
    zensical = Path(sys.executable).with_name("zensical")
    return subprocess.run([zensical, "build", "--strict"], cwd=folder, capture_output=True, text=True, check=False, timeout=600)


def test_the_site_is_built_without_a_warning_and_a_broken_link_is_one(tmp_path: Path) -> None:
    copy(ROOT / "mkdocs.yml", tmp_path)
    copytree(ROOT / "docs", tmp_path / "docs")
    (tmp_path / "hub").symlink_to(ROOT / "hub")
    done = built(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "hub.model.connector.Source" in (tmp_path / "site/reference/python.html").read_text("utf-8")
    with (tmp_path / "docs/index.md").open("a") as page:
        page.write("\n[nowhere](nowhere.md)\n")
    assert built(tmp_path).returncode != 0
