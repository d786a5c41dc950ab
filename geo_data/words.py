"""English texts that remember how they were made, so that another language can say the same.

Nothing here knows a language: whoever shows the text translates its template and its values.
"""

from __future__ import annotations


class Number(str):
    """A number as English writes it, with the value behind it.

    >>> Number(1234.5, ",.1f"), Number(0.25, ".0%").value, Number(-0.001, ".0%")
    ('1,234.5', 0.25, '0%')
    """

    value: float
    form: str

    def __new__(cls, value: float, form: str = ",g") -> Number:
        """Write a value in a form of Python's format language, grouped by commas."""
        said = format(value, form)
        if said.startswith("-") and not any(digit in said for digit in "123456789naif"):
            value, said = 0.0, format(0.0, form)  # rounded, nothing is left of a minus
        made = super().__new__(cls, said)
        made.value, made.form = float(value), form
        return made

    def __getnewargs__(self) -> tuple[float, str]:  # type: ignore[override]
        return self.value, self.form


class Phrase(str):
    """An English sentence made of a template and values; both stay readable.

    Values are numbers, phrases, or words that have translations of their own.

    >>> made = Phrase("below {value} m", value=Number(0.5))
    >>> made, made.template
    ('below 0.5 m', 'below {value} m')
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Phrase:
        """Fill a template such as ``"below {value}"``."""
        made = super().__new__(cls, template.format(**values))
        made.template, made.values = template, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.template,), self.values


def share(value: float) -> Number:
    """A share as percent with the decimals it needs, two at most.

    >>> share(0.25), share(0.001), share(0.0001)
    ('25%', '0.1%', '0.01%')
    """
    exact = (
        form for form in (".0%", ".1%") if abs(float(f"{value:{form}}"[:-1]) / 100 - value) < 1e-9
    )
    return Number(value, next(exact, ".2%"))


def N_(text: str) -> str:  # noqa: N802 -- the name by which gettext tools know it
    """Mark a text for translation where it stands; it is translated where it is shown."""
    return text
