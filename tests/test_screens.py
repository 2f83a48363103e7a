"""What people read of a badge in a picture, word by word: endorsements and a status.

And of a credential of a kind that nobody here knows. The names and the wording are
those that stand on the screen; whoever changes a sentence changes it here as well.
"""

from __future__ import annotations

import pytest

from attacks.workshop import (
    SL_NAME,
    V2,
    badge,
    claims,
    encoded,
    jwt,
    jwt_header,
    proved,
    school,
)
from attacks.workshop import verify as verify_alone
from edc_issuer.carriers import bake
from edc_issuer.report import Report
from edc_issuer.report_text.told import MAX_LETTERS, MAX_LINES
from pictures import png
from statuses import URL, entry, list_credential, signed, verify
from test_endorsements import endorsement

DID = school().badge.did


def picture() -> Report:
    """A PNG with a badge; of its two endorsements one praises something else."""
    good = proved(endorsement())
    other = proved(endorsement("https://zgled.example/achievements/wax"))
    status = {"credentialStatus": entry(), "validUntil": "2028-06-20T00:00:00+02:00"}
    around = proved(badge(endorsement=[good, other], **status))
    pages = {URL: signed(list_credential())}
    return verify(bake(png(), encoded(around)), online=pages)


ENGLISH = f"""\
TEST: only test keys vouch for this. It says nothing about a real document.
PASSED   značka.png
We checked the credential inside, not the picture or page. It says: Čebelarjenje. \
It does not name the person.
Unchanged. Signed by {SL_NAME} ({DID}), confirmed by your own list.
An automatic check counts this as confirmed only with --allow-test.

Whose credential is it?  unknown
What was learned?        Čebelarjenje (according to the file)
Who issued it?           {SL_NAME}, {DID} (only test keys say so)
When and where?          20 June 2025 (according to the file)
Is it still valid?       Valid until 19 June 2028. Not revoked as of 1 September 2025, \
12:00 UTC.
We do not check whether the sender is the holder. Compare with an identity document.

The checks that matter
  passed                   Unchanged since it was signed?
                           The content has not been changed since it was signed.
  warning                  When was it signed, and who says so?
                           The time of signing is stated only by the signer: \
1 September 2025, 11:00 UTC.
  passed                   Is the signer the issuer named inside?
                           The name and number of the signer are those of the issuer \
in the file.
  warning                  Does someone you trust vouch for that identity?
                           Only a test key vouches for this. It says nothing about a \
real document.
  warning                  Does it follow that model's rules?
                           Two things in the file share one identifier; they are shown \
merged, as the signature sees them.

Part 1 of 2
  TEST: only test keys vouch for this. It says nothing about a real document.
  PASSED
  Unchanged. Signed by {SL_NAME} ({DID}), confirmed by your own list.

  What does it endorse?  https://zgled.example/achievements/bees (according to the file)
  What does it say?      Čebelarji jo cenijo. Пчелари је цене. (according to the file)
  Who endorses it?       {SL_NAME}, {DID} (only test keys say so)
  When and where?        20 June 2025 (according to the file)
  Is it still valid?     No end of validity is stated. Whether it was \
revoked is not known.

  The checks that matter
    passed                   Unchanged since it was signed?
                             The content has not been changed since it was signed.
    warning                  When was it signed, and who says so?
                             The time of signing is stated only by the signer: \
1 September 2025, 11:00 UTC.
    passed                   Is the signer the issuer named inside?
                             The name and number of the signer are those of the issuer \
in the file.
    warning                  Does someone you trust vouch for that identity?
                             Only a test key vouches for this. It says nothing about a \
real document.

Part 2 of 2
  TEST: only test keys vouch for this. It says nothing about a real document.
  NOT CONFIRMED
  It endorses something else than the credential it stands in. It may be genuine, but \
it says nothing about this credential.

  What does it endorse?  https://zgled.example/achievements/wax (according to the file)
  What does it say?      Čebelarji jo cenijo. Пчелари је цене. (according to the file)
  Who endorses it?       {SL_NAME}, {DID} (according to your own list)
  When and where?        20 June 2025 (according to the file)
  Is it still valid?     No end of validity is stated. Whether it was \
revoked is not known.

  The checks that matter
    passed                   Unchanged since it was signed?
                             The content has not been changed since it was signed.
    warning                  When was it signed, and who says so?
                             The time of signing is stated only by the signer: \
1 September 2025, 11:00 UTC.
    passed                   Is the signer the issuer named inside?
                             The name and number of the signer are those of the issuer \
in the file.
    warning                  Does someone you trust vouch for that identity?
                             Only a test key vouches for this. It says nothing about a \
real document.
    could not be determined  Which data model, and are contexts and types right?
                             It endorses something else than the credential it stands \
in. It may be genuine, but it says nothing about this credential.
"""

SLOVENIAN = f"""\
TEST (PRESKUS): za to jamčijo samo preskusni ključi. O pravem dokumentu to ne pove \
ničesar.
POTRJENO   značka.png
Preverili smo dokazilo v datoteki, ne slike ali strani. V njem piše: Čebelarjenje. \
Osebe ne imenuje.
Nespremenjeno. Podpis organizacije {SL_NAME} ({DID}); potrjuje ga vaš lastni seznam.
Samodejna obdelava to šteje za potrjeno samo z --allow-test.

Čigavo je dokazilo?     ni podatka
Kaj dokazilo potrjuje?  Čebelarjenje (po navedbah v datoteki)
Kdo ga je izdal?        {SL_NAME}, {DID} (to potrjujejo samo preskusni ključi)
Kdaj in kje?            20. 6. 2025 (po navedbah v datoteki)
Ali še velja?           Velja do 19. 6. 2028. Na dan 1. 9. 2025 ob 12:00 UTC ni \
preklicano.
Ne preverjamo, ali je pošiljatelj tudi imetnik. Podatke primerjajte z osebnim \
dokumentom.

Pomembna preverjanja
  uspešno                   Ali je vsebina od podpisa nespremenjena?
                            Vsebina od podpisa ni bila spremenjena.
  opozorilo                 Kdaj je bila datoteka podpisana in kdo to potrjuje?
                            Čas podpisa navaja samo podpisnik: 1. 9. 2025 ob 11:00 \
UTC.
  uspešno                   Ali je podpisnik izdajatelj, naveden v dokumentu?
                            Ime in številka podpisnika sta izdajateljeva, kakor ju \
navaja datoteka.
  opozorilo                 Ali za to identiteto jamči nekdo, ki mu zaupate?
                            Za to jamči samo preskusni ključ. O pravem dokumentu to \
ne pove ničesar.
  opozorilo                 Ali vsebina upošteva pravila tega modela?
                            Dve stvari v datoteki imata isto oznako; prikazani sta \
združeno, kakor ju vidi podpis.

Del 1 od 2
  TEST (PRESKUS): za to jamčijo samo preskusni ključi. O pravem dokumentu to ne pove \
ničesar.
  POTRJENO
  Nespremenjeno. Podpis organizacije {SL_NAME} ({DID}); potrjuje ga vaš lastni seznam.

  Čemu velja priporočilo?  https://zgled.example/achievements/bees (po navedbah v \
datoteki)
  Kaj pravi?               Čebelarji jo cenijo. Пчелари је цене. (po navedbah v \
datoteki)
  Kdo priporoča?           {SL_NAME}, {DID} (to potrjujejo samo preskusni ključi)
  Kdaj in kje?             20. 6. 2025 (po navedbah v datoteki)
  Ali še velja?            Konec veljavnosti ni naveden. Ali je bilo preklicano, ni \
znano.

  Pomembna preverjanja
    uspešno                   Ali je vsebina od podpisa nespremenjena?
                              Vsebina od podpisa ni bila spremenjena.
    opozorilo                 Kdaj je bila datoteka podpisana in kdo to potrjuje?
                              Čas podpisa navaja samo podpisnik: 1. 9. 2025 ob 11:00 \
UTC.
    uspešno                   Ali je podpisnik izdajatelj, naveden v dokumentu?
                              Ime in številka podpisnika sta izdajateljeva, kakor ju \
navaja datoteka.
    opozorilo                 Ali za to identiteto jamči nekdo, ki mu zaupate?
                              Za to jamči samo preskusni ključ. O pravem dokumentu to \
ne pove ničesar.

Del 2 od 2
  TEST (PRESKUS): za to jamčijo samo preskusni ključi. O pravem dokumentu to ne pove \
ničesar.
  NI POTRJENO
  Priporočilo velja nečemu drugemu, ne dokazilu, v katerem stoji. Lahko je pristno, a \
o tem dokazilu ne pove ničesar.

  Čemu velja priporočilo?  https://zgled.example/achievements/wax (po navedbah v \
datoteki)
  Kaj pravi?               Čebelarji jo cenijo. Пчелари је цене. (po navedbah v \
datoteki)
  Kdo priporoča?           {SL_NAME}, {DID} (po vašem lastnem seznamu)
  Kdaj in kje?             20. 6. 2025 (po navedbah v datoteki)
  Ali še velja?            Konec veljavnosti ni naveden. Ali je bilo preklicano, ni \
znano.

  Pomembna preverjanja
    uspešno                   Ali je vsebina od podpisa nespremenjena?
                              Vsebina od podpisa ni bila spremenjena.
    opozorilo                 Kdaj je bila datoteka podpisana in kdo to potrjuje?
                              Čas podpisa navaja samo podpisnik: 1. 9. 2025 ob 11:00 \
UTC.
    uspešno                   Ali je podpisnik izdajatelj, naveden v dokumentu?
                              Ime in številka podpisnika sta izdajateljeva, kakor ju \
navaja datoteka.
    opozorilo                 Ali za to identiteto jamči nekdo, ki mu zaupate?
                              Za to jamči samo preskusni ključ. O pravem dokumentu to \
ne pove ničesar.
    ni bilo mogoče ugotoviti  Kateri podatkovni model je uporabljen in ali so \
konteksti in vrste pravilni?
                              Priporočilo velja nečemu drugemu, ne dokazilu, v \
katerem stoji. Lahko je pristno, a o tem dokazilu ne pove ničesar.
"""


@pytest.mark.parametrize(
    ("language", "screen"), [("en", ENGLISH), ("sl", SLOVENIAN)], ids=["en", "sl"]
)
def test_a_badge_in_a_picture_with_endorsements_and_status(
    language: str, screen: str
) -> None:
    assert picture().to_text(language=language, name="značka.png") == screen


# --- a kind that nobody here knows --------------------------------------------------


def of_another_kind(**subject: object) -> Report:
    """A credential of which only that it is one is known; the school issued it."""
    document = {
        "@context": [V2],
        "id": "urn:uuid:0c7f35b5-0a7a-4c54-8bd4-0cbd2d6f4f0f",
        "type": ["VerifiableCredential"],
        "issuer": {"id": DID, "name": SL_NAME},
        "validFrom": "2025-06-20T00:00:00+02:00",
        "credentialSubject": {"id": "urn:uuid:1", **subject},
    }
    return verify_alone(jwt(claims(document), header=jwt_header(typ="vc+jwt")))


def test_a_credential_of_another_kind_is_shown_in_its_own_words() -> None:
    report = of_another_kind(
        name={"@value": "Ana Čeh Đurić", "@language": "sl"},
        description=["Sme voziti čoln.", "Сме да вози чамац."],
    )

    lines = report.to_text(language="en").splitlines()

    start = lines.index("What it says (according to the file)")
    assert lines[start + 1 : start + 4] == [
        "  name         Ana Čeh Đurić",
        "  description  Sme voziti čoln.",
        "  description  Сме да вози чамац.",
    ]
    assert report.check("credential.model").reason == "any-credential"
    slovenian = report.to_text(language="sl").splitlines()
    assert "Kaj v njem piše (po navedbah v datoteki)" in slovenian


def test_what_is_shown_of_it_has_bounds_and_controls_no_screen() -> None:
    many = [f"Vrstica {number}\x1b[2J\u202e" for number in range(MAX_LINES + 5)]
    report = of_another_kind(description=["č" * 5_000, *many])

    text = report.to_text(language="en")

    told = [line for line in text.splitlines() if line.startswith("  description")]
    assert len(told) == MAX_LINES
    assert len(told[0]) < MAX_LETTERS + 20
    assert (
        "  Not all of it is shown here; --json shows everything." in text.splitlines()
    )
    assert not {"\x1b", "\u202e"} & set(text)


def test_nothing_is_shown_so_of_a_badge_or_of_what_is_not_proved() -> None:
    head, body, _ = jwt().decode().split(".")

    for data in (jwt(), f"{head}.{body}.AAAA".encode()):
        assert "What it says" not in verify_alone(data).to_text(language="en")


# --- a picture that names nobody, and one that does ---------------------------------


def test_a_picture_whose_badge_names_the_person_says_the_name() -> None:
    person = badge()["credentialSubject"] | {"name": "Ana Čeh Đurić"}
    named = bake(png(), jwt(claims(badge(credentialSubject=person))))
    nameless = bake(png(), jwt())

    said = "It says: Čebelarjenje, Ana Čeh Đurić.\n"
    silent = "It says: Čebelarjenje. It does not name the person.\n"
    assert said in verify_alone(named).to_text(language="en")
    assert silent in verify_alone(nameless).to_text(language="en")


def test_of_very_many_parts_the_first_are_shown_and_the_others_counted() -> None:
    inner = [proved(endorsement(id=f"urn:uuid:{number}")) for number in range(25)]
    forged = {**inner[-1], "name": "Priporočilo ministrstva"}

    report = verify_alone(encoded(proved(badge(endorsement=[*inner[:-1], forged]))))

    lines = report.to_text(language="en").splitlines()
    assert len([line for line in lines if line.startswith("Part ")]) == 20
    assert "Further parts, which --json shows: PASSED 4; FAILED 1" in lines
    assert len(report.to_dict()["parts"]) == 25
