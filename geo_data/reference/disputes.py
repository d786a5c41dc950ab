"""Border lines drawn dashed: undetermined, provisional or disputed. One sentence of why for each.

The source knows no status of lines. The table names facts that United Nations maps and documents
name; it takes no side, does not claim to be complete, and an operation may replace the map.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo_data.reference.territories import EVERYWHERE, Box


@dataclass(frozen=True)
class Dispute:
    """A line between two areas, or between one and any other, inside a box of degrees."""

    one: str
    other: str | None
    why: str
    box: Box = EVERYWHERE

    def concerns(self, pair: frozenset[str]) -> bool:
        """Whether the line between this pair of areas is meant."""
        return self.one in pair and (self.other is None or self.other in pair)


DISPUTES = (
    Dispute("ESH", None, "Non-self-governing territory; its status is not determined."),
    Dispute("XKX", "SRB", "Status contested; see Security Council resolution 1244 (1999)."),
    Dispute("Northern Cyprus", None, "Ceasefire line of 1974, not a boundary."),
    Dispute("United Nations Buffer Zone in Cyprus", None, "Ceasefire lines of 1974."),
    Dispute("Somaliland", "SOM", "Declared itself independent in 1991; not a member state."),
    Dispute("Somaliland", "ETH", "Provisional administrative line of 1950, not delimited."),
    Dispute("SOM", "ETH", "Provisional administrative line of 1950, not delimited."),
    Dispute("Crimea", None, "General Assembly resolution 68/262 (2014) upholds the older border."),
    Dispute("Siachen Glacier", None, "Beyond the end of the agreed line of control."),
    Dispute(
        "IND", "PAK", "Line of Control in Jammu and Kashmir, agreed as such in 1972.",
        (73.0, 32.2, 78.5, 37.5),
    ),
    Dispute("IND", "PAK", "Sir Creek: the course is not agreed.", (67.8, 23.4, 68.9, 24.1)),
    Dispute("IND", "CHN", "Line of actual control; the boundary is not agreed."),
    Dispute("PAK", "CHN", "Agreement of 1963 over an area that India claims."),
    Dispute("BTN", "CHN", "Boundary talks are not concluded."),
    Dispute("PSE", None, "Lines of the 1949 armistice and of the mandate; final status is open."),
    Dispute("ISR", "SYR", "Ceasefire line on the Golan; Security Council resolution 497 (1981)."),
    Dispute("ISR", "JOR", "Reach of the Yarmouk beside the Golan.", (35.55, 32.6, 36.0, 32.8)),
    Dispute("ISR", "LBN", "Blue Line of withdrawal (2000), not a boundary."),
    Dispute(
        "LBN", "SYR", "Shebaa Farms: the boundary is not delimited.", (35.6, 33.15, 35.95, 33.45)
    ),
    Dispute("SDN", "SSD", "Boundary of 2011 not determined; the status of Abyei is open."),
    Dispute(
        "EGY", "SDN", "Hala'ib and Bir Tawil: 22nd parallel or line of 1902.",
        (33.0, 21.5, 37.5, 23.5),
    ),
    Dispute("KEN", "SSD", "Ilemi triangle: several lines, none agreed."),
    Dispute("DJI", "ERI", "Ras Doumeira: contested since 2008.", (42.8, 12.4, 43.5, 12.9)),
    Dispute("PRK", "KOR", "Military demarcation line of the 1953 armistice."),
    Dispute("GUY", "VEN", "Validity of the 1899 award is before the International Court."),
    Dispute("GUY", "SUR", "Upper course claimed along two rivers.", (-58.5, 1.5, -56.3, 3.7)),
    Dispute("GUF", "SUR", "Upper course claimed along two rivers.", (-55.0, 1.8, -53.8, 3.7)),
    Dispute("BLZ", "GTM", "Claim before the International Court of Justice."),
    Dispute(
        "ARG", "CHL", "Southern Patagonian ice field: left to a survey in 1998.",
        (-73.9, -51.0, -72.8, -49.1),
    ),
    Dispute("MWI", "TZA", "Shore or median line in the lake.", (33.9, -11.8, 35.0, -9.3)),
    Dispute(
        "KHM", "THA", "Parts of the line along the Dangrek range are contested.",
        (102.2, 14.0, 105.3, 14.9),
    ),
    Dispute("GIB", "ESP", "Non-self-governing territory; the isthmus is contested."),
)  # fmt: skip
