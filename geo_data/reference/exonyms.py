"""Names of towns in other languages, for the labels of the base map.

The gazetteer's alternate names carry no language, so names that matter are written here; French and
Spanish ones are checked against it by ``python -m geo_data.reference.build``. Where Arabic is
official the only name in Arabic letters is taken as it is; spellings that differ in a last letter
or in a word such as "province" count as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ARABIC_IS_OFFICIAL = frozenset(
    {"ARE", "BHR", "COM", "DJI", "DZA", "EGY", "ESH", "IRQ", "JOR", "KWT", "LBN", "LBY", "MAR",
     "MRT", "OMN", "PSE", "QAT", "SAU", "SDN", "SOM", "SYR", "TCD", "TUN", "YEM"}
)  # fmt: skip
_LETTERS = "\u0621-\u063a\u0641-\u064a"
_WORD = re.compile(rf"[{_LETTERS}]+([ -][{_LETTERS}]+)*")
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
_ABOUT = re.compile("^(ولاية|شعبية|محافظة|مدينة|قرية|واحة) ")

_TYPED = """
DZA Algiers|الجزائر|Alger|Argel
DZA Annaba|عنابة||
DZA Batna|باتنة||
DZA Constantine|قسنطينة||Constantina
DZA El Oued|الوادي||
DZA In Guezzam|عين قزام||
DZA In Salah|عين صالح||
DZA Oran|وهران||Orán
DZA Skikda|سكيكدة||
DZA Tamanghasset|تمنراست|Tamanrasset|Tamanrasset
DZA Timimoun|تيميمون||
DZA Touggourt|تقرت||
EGY Alexandria|الإسكندرية|Alexandrie|Alejandría
EGY Cairo|القاهرة|Le Caire|El Cairo
EGY Port Said|بورسعيد|Port-Saïd|Puerto Saíd
EGY Suez|السويس||
LBY Ajdabiya|أجدابيا||
LBY Al Burayqah|البريقة||
LBY Al Khums|الخمس||
LBY Bani Walid|بني وليد||
LBY Benghazi|بنغازي||Bengasi
LBY Brak|براك||
LBY Jālū|جالو||
LBY Sabha|سبها||
LBY Sirte|سرت|Syrte|
LBY Tarhuna|ترهونة||
LBY Tripoli|طرابلس||Trípoli
LBY Ubari|أوباري||
LBY Zillah|زلة||
LBY At Tāj|التاج||
MAR Casablanca|الدار البيضاء||
MAR Marrakesh|مراكش|Marrakech|
MAR Rabat|الرباط||
MAR Tangier|طنجة|Tanger|Tánger
SDN Khartoum|الخرطوم||Jartum
TCD Faya-Largeau|فايا||
TCD Fada|فادا||
TCD N'Djamena|انجمينا||Yamena
TUN Douz|دوز||
TUN Ben Gardane|بن قردان||
TUN Remada|رمادة||
TUN Tunis|تونس||Túnez
ITA Cagliari|كالياري||
ITA Catania|كاتانيا|Catane|
ITA Genoa|جنوة|Gênes|Génova
ITA Lampedusa|لامبيدوزا||
ITA Messina|ميسينا|Messine|Mesina
ITA Milan|ميلانو||Milán
ITA Naples|نابولي||Nápoles
ITA Palermo|باليرمو|Palerme|
ITA Rome|روما||Roma
ITA Siracusa|سرقوسة|Syracuse|
ITA Turin|تورينو||Turín
GRC Athens|أثينا|Athènes|Atenas
GRC Corfu|كورفو|Corfou|Corfú
MLT Valletta|فاليتا|La Valette|La Valeta
NER Agadez|أغاديس||
NER Niamey|نيامي||
MLI Bamako|باماكو||
ESP Madrid|مدريد||
FRA Paris|باريس||París
GBR London|لندن|Londres|Londres
IRL Dublin|دبلن||Dublín
DEU Berlin|برلين||Berlín
CZE Prague|براغ||Praga
DNK Copenhagen|كوبنهاغن|Copenhague|Copenhague
SWE Stockholm|ستوكهولم||Estocolmo
HUN Budapest|بودابست||
ROU Bucharest|بوخارست|Bucarest|Bucarest
RUS Moscow|موسكو|Moscou|Moscú
RUS Saint Petersburg|سانت بطرسبرغ|Saint-Pétersbourg|San Petersburgo
UKR Kyiv|كييف||Kiev
TUR Ankara|أنقرة||
AZE Baku|باكو|Bakou|Bakú
IRQ Baghdad|بغداد|Bagdad|Bagdad
IRN Tehran|طهران|Téhéran|Teherán
SAU Riyadh|الرياض|Riyad|Riad
SAU Jeddah|جدة||
YEM Sanaa|صنعاء||
LBN Beirut|بيروت|Beyrouth|
AFG Kabul|كابل|Kaboul|
PAK Karachi|كراتشي||
IND Mumbai|مومباي||
IND Delhi|دلهي||
BGD Dhaka|دكا|Dacca|Daca
CHN Beijing|بكين|Pékin|Pekín
CHN Shanghai|شانغهاي||
JPN Tokyo|طوكيو||Tokio
KOR Seoul|سيول|Séoul|Seúl
THA Bangkok|بانكوك||
SGP Singapore|سنغافورة|Singapour|Singapur
VNM Hanoi|هانوي||
PHL Manila|مانيلا|Manille|
IDN Jakarta|جاكرتا||Yakarta
ETH Addis Ababa|أديس أبابا|Addis-Abeba|Adís Abeba
KEN Nairobi|نيروبي||
SOM Mogadishu|مقديشو|Mogadiscio|Mogadiscio
COD Kinshasa|كينشاسا||Kinsasa
NGA Lagos|لاغوس||
SEN Dakar|داكار||
MRT Nouakchott|نواكشوط||Nuakchot
SSD Juba|جوبا|Djouba|
ZAF Cape Town|كيب تاون|Le Cap|Ciudad del Cabo
USA New York City|نيويورك|New York|Nueva York
MEX Mexico City|مكسيكو|Mexico|Ciudad de México
CUB Havana|هافانا|La Havane|La Habana
"""


def typed() -> dict[tuple[str, str], dict[str, str]]:
    """(Country, name) to language to name; a language whose name is ours is left out."""
    found = {}
    for line in _TYPED.strip().splitlines():
        head, *names = line.split("|")
        country, name = head.split(" ", 1)
        by_language = zip(("ar", "fr", "es"), names, strict=True)
        found[country, name] = {code: word for code, word in by_language if word}
    return found


def names_of(country: str, name: str, others: Iterable[str]) -> dict[str, str]:
    """Names of a place by language.

    Parameters
    ----------
    others : iterable of str
        Its alternate names in any language.
    """
    found = dict(typed().get((country, name), {}))
    if "ar" not in found and country in ARABIC_IS_OFFICIAL:
        plain = {_ABOUT.sub("", _MARKS.sub("", other)) for other in others}
        spelt = {word for word in plain if _WORD.fullmatch(word)}
        if len({_sound(word) for word in spelt}) == 1:
            found["ar"] = max(spelt, key=lambda word: (sum(map(word.count, "أإآةي")), word))
    return found


def unsupported(country: str, name: str, others: Iterable[str]) -> list[str]:
    """Typed French and Spanish names that the gazetteer does not know."""
    known = {other.casefold() for other in others}
    told = typed().get((country, name), {})
    return [
        told[code] for code in ("fr", "es") if code in told and told[code].casefold() not in known
    ]


def _sound(word: str) -> str:
    """The word without what writers leave out or confuse."""
    return re.sub("[هة]$", "", re.sub("[أإآ]", "ا", word.replace("ى", "ي").replace(" ", "")))
