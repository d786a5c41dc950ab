"""Letters: encodings declared wrongly, half letters, marks that nobody sees."""

from __future__ import annotations

from tests.corpus.case import GOOD, csv, good, places

ACCENT = "Médenine,33.35,10.49"
ARABIC = "رأس جدير,33.14,11.55"
MED, RAS = ("Médenine", 33.35, 10.49), ("رأس جدير", 33.14, 11.55)


def _read(encoding: str) -> dict[str, dict[str, str]]:
    return {"read": {"encoding": encoding}}


CASES = (
    places("byte order mark before utf-8", "\ufeff" + csv(good()), kept=GOOD),
    places("two byte order marks", "\ufeff\ufeff" + csv(good(), "Zuwara,32.93,12.08"),
           kept=[*GOOD, ("Zuwara", 32.93, 12.08)]),
    places("utf-16 with its mark, declared", csv(ARABIC).encode("utf-16"), kept=[RAS],
           **_read("utf-16")),
    places("utf-16 with its mark, undeclared", csv(good()).encode("utf-16"), refused="utf-16"),
    places("utf-16-le without a mark", csv(good()).encode("utf-16-le"), refused="'utf-16-le'"),
    places("utf-16-be without a mark", csv(good()).encode("utf-16-be"), refused="'utf-16-be'"),
    places("utf-32 with its mark", csv(good()).encode("utf-32"), refused="utf-32"),
    places("utf-16 cut in the middle of a letter", csv(good()).encode("utf-16")[:-1],
           refused="bytes that are not utf-16", **_read("utf-16")),
    places("windows-1252 undeclared", csv(ACCENT).encode("cp1252"), refused="windows-1252"),
    places("windows-1256 undeclared", csv(ARABIC).encode("cp1256"), refused="windows-1256"),
    places("windows-1256 declared", csv(ARABIC).encode("cp1256"), kept=[RAS], **_read("cp1256")),
    places("latin-1 declared", csv(ACCENT).encode("latin-1"), kept=[MED], **_read("latin-1")),
    places("windows-1252 read as latin-1 keeps its quotes",
           csv("Gh’at,24.96,10.18").encode("cp1252"), kept=[("Gh’at", 24.96, 10.18)],
           **_read("cp1252")),
    places("utf-8 declared as windows-1252", csv(ACCENT), said=["valid UTF-8"],
           kept=[("MÃ©denine", 33.35, 10.49)], **_read("cp1252")),
    places("mojibake saved as utf-8", csv("MÃ©denine,33.35,10.49"), said=["letters look as if"],
           kept=[("MÃ©denine", 33.35, 10.49)]),
    places("arabic mojibake saved as utf-8", csv("Ø§Ù„ Ø¨Ù†,33.35,10.49"),
           said=["letters look as if"], kept=[("Ø§Ù„ Ø¨Ù†", 33.35, 10.49)]),
    places("an encoding that does not exist", csv(good(2)), refused="a known encoding",
           **_read("utf-9")),
    places("a codec that is no encoding", csv(good(1)), refused="a known encoding",
           **_read("base64")),
    places("the codec that always fails", csv("A,33,12"), refused="a known encoding",
           **_read("undefined")),
    places("a zero byte in the name of the encoding", csv("B,33,12"), refused="a known encoding",
           **_read("utf\0-8")),
    places("a letter cut at the end of the file", csv(ACCENT).encode()[:21] + b"\xc3",
           refused="line 2"),
    places("one byte that is no letter", csv(good(1), "Gh\x81at,24,10").encode("latin-1"),
           refused="line 3"),
    places("half a surrogate", csv("A,33.1,12.5").encode() + b"\xed\xa0\x80,33,12\n",
           refused="bytes that are not utf-8"),
    places("invisible marks around cells", csv("\u200e Ghat\u200f,\u202a24.96\u202c,\ufeff10.18"),
           kept=[("Ghat", 24.96, 10.18)]),
    places("unbreakable blanks around cells", csv("\u00a0Ghat\u00a0,\u202f24.96,10.18\u3000"),
           kept=[("Ghat", 24.96, 10.18)]),
    places("a zero byte inside a cell", csv("Gh\0at,24.96,10.18", good(1)),
           kept=[("Ghat", 24.96, 10.18), GOOD[0]], said=["1 cells", "control characters"]),
    places("control characters inside a cell", csv("Gh\x1b[31mat\x07,24.96,10.18", good(1)),
           kept=[("Gh[31mat", 24.96, 10.18), GOOD[0]], said=["control characters"]),
    places("lines ended by carriage returns", csv(good()).replace("\n", "\r"), kept=GOOD),
    places("line ends of three kinds", "name,lat,lon\r\nRas Jedir,33.14,11.55\r"
           "Ghadames,30.13,9.5\nSabha,27.04,14.43", kept=GOOD),
    places("the end mark of old systems", csv(good()) + "\x1a", kept=GOOD, out={5: "ragged_row"}),
    places("line separators of unicode inside a cell", csv("Ras\u2028Jedir,33.14,11.55"),
           kept=[("Ras\u2028Jedir", 33.14, 11.55)]),
    places("arabic letters in presentation forms", csv("\ufee3\ufecc\ufe92\ufeae,33.14,11.55"),
           kept=[("\ufee3\ufecc\ufe92\ufeae", 33.14, 11.55)]),
)  # fmt: skip
