"""Archives built to do harm, and paths that lead elsewhere."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.corpus.case import GOOD, Case, csv, good, places
from tests.corpus.layers import layer, polygon
from tests.hostile import bombs

INSIDE = layer(polygon()).encode()


def packed(name: str, refused: str, *members: tuple[str, bytes], **more: object) -> Case:
    """An archive that is refused."""
    return made(name, refused, lambda file: bombs.archive(file, *members, **more))  # type: ignore[arg-type]


def made(name: str, refused: str, write: Callable[[Path], object], file: str = "a.zip") -> Case:
    """A layer that is refused."""
    return places(name, write, file=file, refused=refused, read={"format": "vector"})


def path(name: str, declared: str, refused: str = "leaves the data folder") -> Case:
    """A path that is refused, whatever lies there."""
    return places(name, csv(good()), file="a.csv", path=declared, refused=refused)


def _twice(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as out:
        for _ in range(2):
            out.writestr("a.geojson", INSIDE)


def _link(target: str) -> Callable[[Path], object]:
    return lambda file: file.symlink_to(target)


CASES = (
    packed("a member that climbs", "member '../a.geojson'", ("../a.geojson", INSIDE)),
    packed("a member from the root", "names below the archive", ("/a.geojson", INSIDE)),
    packed("a member of another drive", "names below the archive", ("C:\\a.geojson", INSIDE)),
    packed("an archive in an archive", "an archive in the archive", ("b.zip", b"PK")),
    packed("a member behind a password", "a password", ("a.geojson", INSIDE), locked=True),
    packed("a member that is a link", "which is a link", ("a.geojson", INSIDE), link="b.geojson"),
    packed("a member that grows too much", "200 times", ("a.geojson", b" " * 30_000_000)),
    packed("no layer in it", "members of no known kind", ("read.me", b"x")),
    packed("nothing in it", "another kind"),
    packed("two layers in it", "Set member", ("a.shp", INSIDE), ("b.shp", INSIDE)),
    packed("thousands of members", "6,000 members", *[(f"{n}.txt", b"") for n in range(6000)]),
    made("two members of one name", "two members named 'a.geojson'", _twice),
    made("a member larger than it says", "more than it says",
         lambda file: bombs.lying_archive(file, "a.geojson", 3_000_000, 3_000)),
    made("an archive of nothing but its end", "another kind", lambda file: file.write_bytes(b"PK\5\6"
         + bytes(18))),
    path("a path that climbs", "../a.csv"),
    path("a path from the root", "/etc/passwd"),
    path("a path of another drive", "C:\\data\\a.csv"),
    path("an address", "https://example.org/a.csv"),
    path("a path inside an archive", "/vsizip/a.zip/a.csv"),
    path("a virtual path", "vsicurl:a.csv"),
    path("a path to nothing", "none.csv", "no such file"),
    path("a pattern that nothing fits", "*.tsv", "no such file"),
    path("an empty path", "", "leaves the data folder"),
    path("a folder", ".", "leaves the data folder"),
    path("a path with a zero byte", "a\0.csv", "no such file"),
    path("a path longer than any", "a" * 5000 + ".csv", "a path that no file can have"),
    places("a link out of the folder", _link("/etc/hostname"), refused="a link that leaves"),
    places("a link that goes in a circle", _link("a.csv"), refused="no such file"),
    places("a name with a line end", csv(good()), file="a\nb.csv", kept=GOOD),
    places("a name with a line end, refused", "", file="c\n\x1b[2Jd.csv",
           refused="c\\n\\x1b[2Jd.csv: found an empty file"),
    places("a name in arabic letters", csv(good()), file="منافذ.csv", kept=GOOD),
    places("a name of two hundred letters", csv(good()), file="n" * 200 + ".csv", kept=GOOD),
)  # fmt: skip
