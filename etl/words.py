"""Code words of providers that have one known meaning in our closed lists, in five languages."""

from __future__ import annotations

from collections.abc import Mapping

from etl import synonyms


def _meanings(**ours: str) -> dict[str, str]:
    """Their words, bare, to ours; underscores of the keyword stand for blanks."""
    return {
        synonyms.plain(word): meaning.replace("_", " ")
        for meaning, words in ours.items()
        for word in words.split(",")
    }


SECTOR = _meanings(
    health="health, hea, sante, salud, salute, الصحة, hospital, clinic, pharmacy, doctors",
    shelter="shelter, abris, abri nfi, abris nfi, es nfis, es nfi, snfi, abna, alojamiento, المأوى",
    food_security="food security, fsl, fss, fsc, securite alimentaire, seguridad alimentaria, "
    "الأمن الغذائي, food",
    water_and_sanitation="wash, eha, water, water sanitation and hygiene, water and sanitation, "
    "eau hygiene et assainissement, agua saneamiento e higiene, المياه والصرف الصحي",
    nutrition="nutrition, nut, nutricion, nutrizione, التغذية",
    protection="protection, pro, gbv, vbg, cp, ma, child protection, protection de l enfant, "
    "mine action, proteccion, protezione, الحماية",
    education="education, edu, educacion, istruzione, التعليم",
    logistics="logistics, logistique, logistica, log, اللوجستيات",
    coordination="coordination, ccs, cccm, coordinacion, التنسيق",
    early_recovery="early recovery, er, erl, relevement precoce, recuperacion temprana, rrr",
    cash_assistance="cash, mpca, multi purpose cash, cash assistance, transferts monetaires",
    other="other, autre, autres, otro, altro, multi secteur, multi sector, أخرى",
)
KNOWN: Mapping[str, Mapping[str, str]] = {
    "sector": SECTOR,
    "crossing_type": _meanings(
        land="land, road, bc, cc, tc, land border, terrestre, route, customs, rail, بري, "
        "border post",
        sea="sea, port, maritime, ferry terminal, seaport, maritimo, marittimo, بحري, harbour",
        air="air, airport, aeroport, aerien, aeropuerto, aereo, جوي, aerodrome",
    ),
    "status": _meanings(
        open="open, ouvert, ouverte, abierto, aperto, مفتوح, operational, yes, actif, active",
        closed="closed, ferme, fermee, cerrado, chiuso, مغلق, not operational, no, inactive",
        restricted="restricted, restreint, partially open, limited, limite, restringido, مقيد",
        unknown="unknown, inconnu, desconocido, sconosciuto, غير معروف",
    ),
    "medium": _meanings(
        sea="sea, mer, mar, mare, ship, vessel, boat, بحر", land="land, vehicle, terre, بر",
        air="air, aircraft, helicopter, plane, avion, جو",
    ),
    "direction": _meanings(
        entry="entry, in, entree, entrada, entrata, ingresso, arrival, arrivee, incoming, inflow, "
        "دخول, وصول",
        exit="exit, out, sortie, salida, uscita, departure, depart, outgoing, outflow, "
        "خروج, مغادرة",
        unknown="unknown, inconnu",
    ),
    "sex": _meanings(
        female="female, f, femme, femenino, mujer, femmina, feminin, woman, girl, fille, أنثى",
        male="male, m, homme, masculino, hombre, maschio, masculin, man, boy, garcon, h, ذكر",
        other="other, autre, otro, altro, x, آخر, non binary",
        unknown="unknown, inconnu, prefer not to say",
    ),
    "vulnerability": _meanings(
        none="none, no, aucun, aucune, ninguna, nessuna, not vulnerable, لا يوجد, 0, non",
        unaccompanied_child="unaccompanied child, uac, unaccompanied minor, uam, mena, mna, msna, "
        "enfant non accompagne, mineur non accompagne, طفل غير مصحوب",
        separated_child="separated child, sc, enfant separe, طفل منفصل, menor separado",
        pregnant_or_nursing="pregnant, pregnant or nursing, pregnant woman, lactating, enceinte, "
        "pregnant or lactating, plw, femme enceinte, allaitante, embarazada, incinta, حامل, مرضع",
        disability="disability, person with disability, pwd, handicap, discapacidad, disabilita, "
        "إعاقة, ذوي الإعاقة",
        older_person_at_risk="elderly, older person, older person at risk, personne agee, anziano, "
        "persona mayor, مسن, كبار السن",
        single_parent="single parent, single headed household, parent seul, madre soltera",
        medical_condition="medical, medical condition, chronic illness, malade, serious medical "
        "condition, smc, مرض مزمن",
        protection_case="protection, protection case, victim of trafficking, vot, gbv, survivor, "
        "victime de traite, torture, ضحية اتجار",
        several="several, multiple, plusieurs", other="other, autre, otro, altro, أخرى",
        unknown="unknown, inconnu",
    ),
}  # fmt: skip


def meaning(field: str, word: str) -> str | None:
    """Our word for a provider's; None if none is known.

    >>> meaning("sector", "Santé"), meaning("status", "ajar")
    ('health', None)
    """
    return KNOWN.get(field, {}).get(synonyms.plain(word))
