"""The site of the documentation builds without a warning, and a reader of it needs no network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx")
pytest.importorskip("myst_nb")
pytestmark = pytest.mark.slow  # what needs a build of the whole site

DOCS = Path(__file__).resolve().parent.parent / "docs"
FETCHED = re.compile(r'<(?:script|link|img|iframe)\b[^>]*(?:src|href)="(?:https?:)?//[^"]*"')


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    options = ["-W", "--keep-going", "-q", "-b", "html", "-d", str(target / ".doctrees")]
    command = [sys.executable, "-m", "sphinx", *options, str(source), str(target)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    done = build(DOCS, target)
    assert done.returncode == 0, done.stderr
    return target


def test_every_page_is_built(site: Path) -> None:
    pages = [p.relative_to(DOCS) for kind in ("md", "ipynb") for p in DOCS.rglob(f"*.{kind}")]
    assert pages
    for page in pages:
        assert (site / page.with_suffix(".html")).is_file(), page


def test_every_lesson_can_be_handed_out(site: Path) -> None:
    """As a notebook without the answers and as the key, linked from the page of lessons."""
    page = (site / "lessons" / "index.html").read_text(encoding="utf-8")
    lessons = sorted((DOCS / "lessons").glob("*.ipynb"))
    for name in (f"{p.stem}-{version}.ipynb" for p in lessons for version in ("student", "key")):
        assert f'href="{name}"' in page
        assert (site / "lessons" / name).is_file()


def test_no_page_fetches_anything_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert not FETCHED.search(page.read_text(encoding="utf-8")), page


def test_formulas_are_mathml(site: Path) -> None:
    page = (site / "explanation" / "games.html").read_text(encoding="utf-8")
    assert "<math" in page
    assert r"\frac" not in page


def test_a_warning_stops_the_build(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["myst_nb"]\n')
    (source / "index.md").write_text("# Page\n\n[nowhere](nowhere.md)\n")
    done = build(source, tmp_path / "target")
    assert done.returncode == 1
    assert "nowhere" in done.stderr


def test_digits_without_braces_are_read_as_tex_reads_them(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text(
        f"import sys\nsys.path.insert(0, {str(DOCS / '_extensions')!r})\n"
        'extensions = ["myst_nb", "mathml"]\nmyst_enable_extensions = ["dollarmath"]\n'
        'html_math_renderer = "mathml"\n'
    )
    (source / "index.md").write_text("# Page\n\n$\\frac12 c + x^12$\n")
    done = build(source, tmp_path / "target")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "target" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<mn>(\d+)</mn>", page) == ["1", "2", "1", "2"]
