"""Names that providers give to our fields, in five languages and as HXL tags.

A tag says what its author meant, so it wins over the header; a header counts only as a whole, in
the order listed. Nothing here looks at values.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from etl.readers.cells import tag_of

ARABIC = str.maketrans({**dict.fromkeys("أإآٱ", "ا"), "ة": "ه", "ى": "ي", "ـ": None})


def _listed(text: str) -> tuple[str, ...]:
    return tuple(plain(phrase) for phrase in text.split(","))


def plain(text: str) -> str:
    """A header as bare words: no case, accents, punctuation, vowel marks or letter variants.

    >>> plain("Nº_deMorts "), plain("Départ-Latitude"), plain("خَطُّ العَرض"), plain("إسم المدينة")
    ('no de morts', 'depart latitude', 'خط العرض', 'اسم المدينه')
    """
    split = re.sub(r"(?<=[a-zºà-ÿ])(?=[A-Z])|(?<=[0-9])(?=[A-Z][a-z])", " ", text.replace("_", " "))
    letters = unicodedata.normalize("NFKD", split.translate(ARABIC)).casefold()
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", bare.translate(ARABIC)))


HEADERS: dict[str, tuple[str, ...]] = {
    "lat_deg": _listed("""
        latitude, lat, lat deg, latitude y, lat dd, gps latitude, point y, y, latitud, latitudine,
        latitude wgs84, coord y, coordonnee y, خط العرض, دائرة العرض, العرض, y coord, northing,
        latitude decimale, depart latitude, gps lat, lati, latitude degrees"""),
    "lon_deg": _listed("""
        longitude, lon, long, lng, lon deg, longitude x, lon dd, gps longitude, point x, x,
        longitud, longitudine, longitude wgs84, coord x, coordonnee x, خط الطول, الطول, x coord,
        easting, longitude decimale, depart longitude, gps lon, gps long, longitude degrees"""),
    "position": _listed("""
        coordinates, coordinate, coords, latlng, lat lng, lat lon, lat long, latitude longitude,
        coordonnees, coordonnees gps, coordenadas, coordinate gps, gps, geopoint, location gps,
        الإحداثيات, إحداثيات, احداثيات الموقع, gps coordinates"""),
    "place_id": _listed("""
        place id, incident id, site id, point id, facility id, id, uuid, ident, icao, station code,
        ssid, site code, identifiant, code site, identificador, identificativo, رقم الموقع, المعرف,
        event id, osm id, asset id"""),
    "name": _listed("""
        name, name en, site name, place name, facility name, location name, branch name, nom,
        nom du site, nombre, nombre del sitio, nome, denominazione, denominacion, station name,
        point name, title, toponyme, lieu, settlement, localite, اسم الموقع, الاسم, الموقع, city,
        اسم المنفذ, المنفذ, port name, name of site, crossing name, poe name, name of crossing,
        adm1 en, admin1 name, name 1, shape name, ts name, toponym"""),
    "country": _listed("""
        iso3, iso3c, iso 3, country iso3, coa iso,
        country code, country code iso3, country, country name,
        country of incident, iso a3, adm0 pcode, admin0 pcod, adm0 cou 2, pays, code pays, pais,
        paese, nazione, الدولة, البلد, بلد, shape group, iso code, location, dv iso3, adm0 name,
        admin0 name, adm0 en"""),
    "other_country": _listed("""
        other country, iso3 other, neighbouring country, neighboring country, pays voisin,
        pais vecino, paese confinante, البلد المجاور, border with, country 2"""),
    "date": _listed("""
        date, incident date, event date, day, date of incident, date of event, updatedate,
        update date, last update, survey date, date of assessment, jour, date de l incident,
        fecha, fecha del incidente, data, giorno, data evento, التاريخ, تاريخ, تاريخ الحادث, اليوم,
        date of crossing, crossing date, registration date, published, date of arrival,
        date d enregistrement, fecha de registro, data di registrazione, تاريخ التسجيل,
        تاريخ العبور, date time, timestamp, date start, track date, fecha de cruce, entry date"""),
    "start": _listed("""
        start, start date, date start, from, period start, year, month, week, date, day, data,
        date debut, date debute, debut, date de debut, annee, mois, fecha inicio,
        fecha de inicio, ano, anno, mes, data inizio, giorno, data report, reporting date,
        report date, reference date, fecha, jour, تاريخ البدء, تاريخ البداية, السنة, سنة, الشهر,
        التاريخ, round date, published"""),
    "end": _listed("""
        end, end date, date end, to, period end, date fin, fin, date de fin, fecha fin,
        fecha de fin, data fine, تاريخ الانتهاء, تاريخ النهاية"""),
    "reported": _listed("""
        data report, report date, reported, reporting date, date of report, date du rapport,
        fecha del informe, تاريخ التقرير"""),
    "crossing_type": _listed("""
        crossing type, type of crossing, poe type, type de passage, type de poste, tipo de cruce,
        tipo di valico, نوع المعبر, نوع المنفذ, type"""),
    "status": _listed("""
        status, statut, etat, estado, stato, operational status, activity status, الحالة, حالة,
        etat du projet, situation"""),
    "control": _listed("control, mode, controle, controllo, السيطرة"),
    "sector": _listed("""
        sector, cluster, sector cluster, secteur, sector intervention, sector short name, settore,
        القطاع, القطاعات, sectors"""),
    "service_type": _listed("""
        service type, facility type, amenity, healthcare, type of facility, type de service,
        type de structure, tipo de servicio, tipo di servizio, نوع الخدمة, نوع المرفق"""),
    "organisation": _listed("""
        organisation, organization, organisation name, implementing partner, org implementing,
        org implementing activities, agency, org, ngo, nom de l organisation, organizacion,
        organizzazione, ente, المنظمة, اسم المنظمة, الشريك المنفذ, partner, ownership, operator"""),
    "organisation_type": _listed("""
        organisation type, organization type, type organisation, org type, type d organisation,
        tipo de organizacion, tipo di organizzazione, نوع المنظمة"""),
    "activity": _listed("activity, activite, actividad, attivita, النشاط, type of activity"),
    "site_type": _listed("""
        site type, loc type, type of site, shelter type, type de site, tipo de sitio,
        tipo di sito, نوع الموقع, settlement type, type"""),
    "displaced_people": _listed("""
        displaced people, idps, idp individuals, number of idps, individuals, ind, population,
        total individuals, personnes deplacees, nombre de personnes, pdi, desplazados, sfollati,
        النازحين, عدد النازحين, عدد الأفراد, households individuals, people"""),
    "dead_people": _listed("""
        dead people, no dead, number dead, dead, deaths, fatalities, killed, morts, nombre de morts,
        deces, muertos, fallecidos, morti, عدد القتلى, القتلى, الوفيات, عدد الوفيات"""),
    "missing_people": _listed("""
        missing people, no missing, number missing, missing, minimum estimated number of missing,
        disparus, nombre de disparus, desaparecidos, dispersi, المفقودين, عدد المفقودين"""),
    "dead_missing_people": _listed("""
        dead missing people, no dead missing, total dead and missing, dead and missing,
        morts et disparus, muertos y desaparecidos, morti e dispersi, القتلى والمفقودين"""),
    "survivors_people": _listed("""
        survivors people, no survivors, number of survivors, survivors, survivants, rescapes,
        supervivientes, superstiti, sopravvissuti, الناجين, عدد الناجين"""),
    "cause": _listed("""
        cause of death category, cause of death, cause, cause du deces, causa de muerte,
        causa di morte, سبب الوفاة"""),
    "route": _listed("route, migration route, itineraire, ruta, rotta, المسار, الطريق"),
    "medium": _listed("medium, domain, milieu"),
    "asset_type": _listed("asset type, type of asset, unit type, type"),
    "speed_km_h": _listed("speed km h, speed kmh, speed"),
    "endurance_h": _listed("endurance h, endurance hours, endurance"),
    "mobilise_h": _listed("mobilise h, mobilisation h, notice h, readiness h"),
    "ready": _listed("ready, available, disponible, disponibile, جاهز"),
    "landmark_type": _listed("landmark type, feature type, value, fclass, place type, type"),
    "population_people": _listed("population people, population, poblacion, popolazione, السكان"),
    "area_code": _listed("""
        p code, pcode, adm2 pcode, admin2 pcod, adm1 pcode, admin1 pcod, pcode1, pcode2, area code,
        shape iso, iso, code, adm2 man 2, iso a3, code departement, code province,
        رمز المنطقة, admin code, district code"""),
    "area_name": _listed("""
        adm2 name, admin2, admin 2, mantika, locality, district, departement, adm1 name, admin1,
        admin 1, state, province, provinces, region, governorate, municipality, commune, area name,
        departamento, provincia, regione, المنطقة, المحافظة, الولاية, البلدية"""),
    "parent_code": _listed("parent p code, parent pcode, parent code, adm0 pcode, admin0 pcod"),
    "level": _listed("admin level, adm level, level, niveau, nivel, livello, المستوى"),
    "valid_from": _listed("valid from date, valid from, valid on, valide depuis"),
    "beneficiaries_people": _listed("""
        beneficiaries people, beneficiaries, people reached, reached, nombre beneficiaire,
        beneficiaires, beneficiarios, beneficiari, المستفيدين, عدد المستفيدين"""),
    "place_code": _listed("""
        place code, coa iso, pcode, p code, adm2 pcode, admin2 pcode, admin2 pcod, adm1 pcode,
        admin1 pcode, iso3, country code, iso 3, area code, point id, poe code, crossing code,
        fmp code, fmp id, site code, code, codice regione, denominazione regione, regione, region,
        border point, border crossing, crossing point, point of entry, poste frontiere,
        point de passage, punto fronterizo, valico, country, المنفذ, المعبر,
        رمز المكان, نقطة العبور, crossing, poe, flow monitoring point"""),
    "place_name": _listed("""
        place name, coa name, country name, location name, crossing name, poe name, admin2 name,
        admin1 name, name, regione, country, event name, nom, nombre, nome, denominazione,
        اسم المكان, اسم المنفذ, point name, fmp name"""),
    "place_level": _listed("place level, admin level, level"),
    "partner_code": _listed("""
        coo iso, partner code, origin iso3, country of origin iso3, iso 3166 1, nationality,
        country of origin, coo name, nationalite, pays d origine, nacionalidad, pais de origen,
        nazionalita, nazione, الجنسية, بلد الأصل"""),
    "group": _listed("group, indicator, category, hazard type name, disaggregation, crisis name"),
    "topic": _listed("topic, about, subject, sujet, tema, argomento, الموضوع"),
    "text": _listed("text, info, notice, message, texte, texto, testo, النص"),
    "line_type": _listed("line type, road type, highway, route type"),
    # ---- one row per person, counted at the door
    "direction": _listed("""
        direction, movement, movement type, entry exit, in out, flow direction, type de mouvement,
        sens, direccion, direzione, الاتجاه, نوع الحركة, دخول خروج, type of movement"""),
    "sex": _listed("sex, gender, sexe, genre, sexo, genero, sesso, genere, الجنس, النوع"),
    "age": _listed("age, age years, age in years, edad, eta, العمر, السن"),
    "birth": _listed("""
        year of birth, birth year, date of birth, birth date, dob, yob, annee de naissance,
        date de naissance, ano de nacimiento, fecha de nacimiento, anno di nascita,
        data di nascita, سنة الميلاد, تاريخ الميلاد"""),
    "nationality": _listed("""
        nationality, nationality iso3, citizenship, nationalite, nacionalidad, nazionalita,
        cittadinanza, الجنسية, country of nationality"""),
    "vulnerability": _listed("""
        vulnerability, vulnerabilities, specific needs, vulnerable group, vulnerabilite,
        besoins specifiques, vulnerabilidad, necesidades especificas, vulnerabilita,
        bisogni specifici, الضعف, الهشاشة, احتياجات خاصة, حالة الضعف"""),
    "record_id": _listed("record id, transaction id, registration id, uuid, instance id, meta"),
}  # fmt: skip

TAGS: dict[str, tuple[str, ...]] = {
    "lat_deg": ("#geo+lat",), "lon_deg": ("#geo+lon",), "position": ("#geo+coord",),
    "place_id": ("#loc+id", "#loc+code", "#event+id", "#event+code"),
    "name": ("#loc+name", "#adm+name", "#adm2+name", "#adm1+name", "#loc"),
    "country": ("#country+code", "#country"),
    "date": ("#date+occurred", "#date+reported", "#date"),
    "start": ("#date+start", "#date+year", "#date+occurred", "#date+reported", "#date"),
    "end": ("#date+end",),
    "sector": ("#sector+name", "#sector", "#sector+cluster"),
    "organisation": ("#org+impl+name", "#org+name", "#org+impl", "#org+acronym", "#org"),
    "organisation_type": ("#org+type", "#org+impl+type"),
    "activity": ("#activity+name", "#activity"),
    "status": ("#status", "#activity+project+status"),
    "area_code": ("#adm2+code", "#adm+code", "#adm1+code", "#loc+code"),
    "area_name": ("#adm2+name", "#adm1+name", "#loc+name"),
    "parent_code": ("#adm+code+parent",),
    "level": ("#geo+admin_level",), "valid_from": ("#date+start",),
    "beneficiaries_people": ("#beneficiary", "#reached"),
    "displaced_people": ("#affected+idps", "#affected+displaced"),
    "dead_people": ("#affected+killed", "#affected+dead"), "missing_people": ("#affected+missing",),
    "place_code": ("#adm2+code", "#adm1+code", "#loc+code", "#country+code", "#adm+code"),
    "place_name": ("#adm2+name", "#adm1+name", "#loc+name", "#country+name"),
    "nationality": ("#country+nationality", "#country+origin"), "cause": ("#cause",),
    "service_type": ("#service", "#loc+type"),
}  # fmt: skip


def tagged(field: str, hxl: Mapping[str, str]) -> str | None:
    """Column of the first tag that means a field: all its attributes, fewest others.

    >>> tagged("sector", {"#sector+cluster+code": "Short", "#sector+name": "Sector"})
    'Sector'
    """
    for wanted in TAGS.get(field, ()):
        tag, *attributes = tag_of(wanted).split("+")
        fitting = [
            (len(words), column)
            for found, column in hxl.items()
            for words in [found.split("+")]
            if words[0] == tag and set(attributes) <= set(words[1:])
        ]
        if fitting and (attributes or min(fitting)[0] == 1 or len(fitting) == 1):
            return min(fitting)[1]
    return None


def headed(field: str, names: Iterable[str]) -> list[str]:
    """Columns whose whole header means a field, the likeliest first.

    >>> headed("lat_deg", ["Site", "Latitud", "LAT"])
    ['LAT', 'Latitud']
    """
    rank = {phrase: number for number, phrase in reversed([*enumerate(HEADERS.get(field, ()))])}
    found = [(rank[plain(name)], name) for name in names if plain(name) in rank]
    return [name for _, name in sorted(found, key=lambda one: one[0])]
