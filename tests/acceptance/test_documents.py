"""What the documents tell a reader to do works, and gives what they show."""

from pathlib import Path

import pytest
from document_blocks import Block, blocks_of, missing_line

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path
    for path in (ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("packages/*/README.md"))
    if any(block.language in ("sh", "python") for block in blocks_of(path))
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_everything_that_is_shown_works(document, reader):
    for block in blocks_of(document):
        try:
            reader.follow(block)
        except Exception as error:
            error.add_note(f"in {document.relative_to(ROOT)}:{block.line}")
            raise


def test_the_documents_for_newcomers_are_among_them():
    names = {str(path.relative_to(ROOT)) for path in DOCUMENTS}
    tutorials = {str(path.relative_to(ROOT)) for path in ROOT.glob("docs/tutorial/*.md")}
    assert {"README.md", *tutorials} <= names


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        (("one", "…", "three"), None),
        (("one", "thr…"), None),
        (("three", "one"), "one"),
        (("two and a half",), "two and a half"),
    ],
)
def test_shown_lines_are_looked_for_in_order(shown, missing):
    assert missing_line(shown, "one\ntwo\nthree\n") == missing


def test_a_command_that_fails_unannounced_is_noticed(reader):
    with pytest.raises(AssertionError, match="exit code 2"):
        reader.follow(Block("sh", "$ alchemiser decide nothing --data sample\n", 1))
