"""Where the trusted lists of Europe are fetched from, to say so before it is done.

The hosts are those of the European Commission's list of the lists (LOTL,
https://ec.europa.eu/tools/lotl/eu-lotl.xml) as issued on 2023-09-27 with sequence
number 332: `TSLLocation` of each pointer to a national list, TS 119 612 clause 5.3.13.
`tests/test_lists_lotl.py` compares both. A country is written as in ISO 3166 (the list
has EL for Greece); the United Kingdom, whose last list the Commission keeps, is left
out. They serve for telling beforehand who will be asked: `trust update` follows the
list of its day, not this table.
"""

from __future__ import annotations

LIST_HOSTS = {
    "AT": "www.signatur.rtr.at",
    "BE": "tsl.belgium.be",
    "BG": "crc.bg",
    "CY": "dec.dmrid.gov.cy",
    "CZ": "tsl.gov.cz",
    "DE": "tl.bundesnetzagentur.de",
    "DK": "www.digst.dk",
    "EE": "sr.riik.ee",
    "ES": "sedediatid.mineco.gob.es",
    "FI": "dp.trustedlist.fi",
    "FR": "www.ssi.gouv.fr",
    "GR": "www.eett.gr",
    "HR": "mingor.gov.hr",
    "HU": "www.nmhh.hu",
    "IE": "files.dcenr.gov.ie",
    "IS": "www.fjarskiptastofa.is",
    "IT": "eidas.agid.gov.it",
    "LI": "www.llv.li",
    "LT": "elektroninisparasas.lt",
    "LU": "trusted-list.lu",
    "LV": "trustlist.gov.lv",
    "MT": "tsl.mca.org.mt",
    "NL": "www.rdi.nl",
    "NO": "tl-norway.no",
    "PL": "www.nccert.pl",
    "PT": "www.gns.gov.pt",
    "RO": "www.adr.gov.ro",
    "SE": "trustedlist.pts.se",
    "SI": "www.tl.gov.si",
    "SK": "tl.nbu.gov.sk",
}
