"""What an employer reads, word by word, and what no file can make us say."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edc_issuer.messages import LANGUAGES, REASONS, Messages, printable
from edc_issuer.report import (
    CHECK_IDS,
    Check,
    Outcome,
    ProofReport,
    Report,
    Signer,
    Status,
    outcome_of,
)
from edc_issuer.report_text import to_line

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MAY_SKIP = frozenset(i for i in CHECK_IDS if i.startswith("seal.")) | {
    "credential.status"
}
SCHOOL: dict[str, dict[str, Any]] = {
    "issuer.identified": {
        "proved": {"names": ["Srednja šola Zgled"], "identifier": "NTRSI-1234567"},
        "stated": {"names": ["Srednja šola Zgled"]},
    },
    "issuer.trusted": {"anchor": "CN=Zgled Root,O=Zgled CA,C=SI"},
    "seal.certificate": {
        "subject": "CN=Ana Vzorec,O=Srednja šola Zgled,C=SI",
        "issuer": "CN=Zgled Seal CA,O=Zgled CA,C=SI",
    },
}
BADGE: dict[str, dict[str, Any]] = {
    "issuer.identified": {
        "proved": {"names": ["Srednja šola Zgled"], "identifier": "did:web:zgled.si"}
    },
    "issuer.trusted": {"anchor": None},
    "proof.key": {"address": "did:web:zgled.si#key-1"},
}
CONTENT: dict[str, Any] = {
    "id": "urn:uuid:1",
    "issuer": {
        "legalName": {"sl": "Srednja šola Zgled", "en": "Zgled Secondary School"},
        "eIDASIdentifier": {"notation": "NTRSI-1234567"},
    },
    "credentialSubject": {
        "fullName": {"sl": "Živa Đurić"},
        "hasClaim": {
            "title": {"sl": "Čebelarjenje", "en": "Beekeeping"},
            "awardedBy": {
                "awardingDate": "2025-11-20T12:00:00Z",
                "location": {"geographicName": {"sl": "Žiče"}},
            },
        },
    },
}
SEAL_NOT_TRUSTED = {
    "seal.certificate": ("undecided", "no-anchor"),
    "seal.revocation": ("undecided", "blocked"),
    "issuer.trusted": ("undecided", "no-anchor"),
    "credential.status": ("skipped", "no-status"),
}
BADGE_NOT_LISTED = {
    **{i: ("skipped", "not-applicable") for i in CHECK_IDS if i.startswith("seal.")},
    "issuer.identified": ("undecided", "name-not-proved"),
    "issuer.trusted": ("undecided", "not-listed"),
}
NO_KEY = {
    "proof.key": ("undecided", "key-not-at-hand"),
    "proof.integrity": ("undecided", "blocked"),
    "issuer.identified": ("undecided", "blocked"),
    "issuer.trusted": ("undecided", "blocked"),
}


def report(
    answers: Mapping[str, tuple[str, str]] | None = None,
    *,
    evidence: Mapping[str, Mapping[str, Any]] | None = None,
    **fields: Any,
) -> Report:
    """A report on a sealed file; every question not named was answered with pass."""
    told = {"credential.holder": ("skipped", "not-asked"), **(answers or {})}
    known = SCHOOL if evidence is None else evidence
    checks = tuple(
        Check(i, Status(status), reason, evidence=known.get(i, {}))
        for i in CHECK_IDS
        for status, reason in [told.get(i, ("pass", ""))]
    )
    outcome = outcome_of(checks, may_skip=MAY_SKIP)
    return Report(
        **{
            "format": "jades",
            "model": "elm",
            "checks": checks,
            "outcome": outcome,
            "test": False,
            "verified_at": NOW,
            "content": CONTENT,
            **fields,
        }
    )


def text(given_report: Report, language: str = "en", **options: Any) -> str:
    return given_report.to_text(language=language, name="diploma.jsonld", **options)


def test_the_first_screen_an_employer_sees() -> None:
    certificate = {
        **SCHOOL["seal.certificate"],
        "issuer_country": "SI",
        "answers_at": ["ocsp.zgled-ca.example"],
    }
    known = {**SCHOOL, "seal.certificate": certificate}
    shown = text(report(SEAL_NOT_TRUSTED, evidence=known), directory="/home/ž/zaupanje")

    assert shown.startswith(
        "NOT CONFIRMED   diploma.jsonld\n"
        "The file is unchanged since it was sealed. The seal says: "
        "Srednja šola Zgled, NTRSI-1234567.\n"
        "Anyone can write a name into a seal; no list on this computer confirms this "
        "one yet.\n"
        "This is not a sign of forgery, and not yet a reason to rely on it.\n"
        "Once:  edc-issuer trust update --for diploma.jsonld\n"
        "       fetches the EU list and the list of Slovenia (about 1 MB) from "
        "ec.europa.eu and\n"
        "       www.tl.gov.si; nothing of this file is sent. Kept in "
        "/home/ž/zaupanje.\n"
        "Then:  edc-issuer verify --online diploma.jsonld\n"
        "       asks ocsp.zgled-ca.example whether the seal was withdrawn; it learns "
        "the seal's number, not the person.\n"
    )


def test_a_folder_that_was_named_is_named_again() -> None:
    certificate = {**SCHOOL["seal.certificate"], "issuer_country": "SI"}
    known = {**SCHOOL, "seal.certificate": certificate}

    plain = text(report(SEAL_NOT_TRUSTED, evidence=known), option="office/trust")
    odd = text(report(SEAL_NOT_TRUSTED, evidence=known), option="a; b")

    assert "trust update --for diploma.jsonld --trust office/trust\n" in plain
    assert "trust update --for diploma.jsonld --trust DIR\n" in odd


def test_who_was_asked_in_vain_is_not_offered_again() -> None:
    certificate = {**SCHOOL["seal.certificate"], "answers_at": ["ocsp.ž.example"]}
    known = {**SCHOOL, "seal.certificate": certificate}
    given = {"seal.revocation": ("undecided", "no-data")}
    asked = [{"url": "http://ocsp.zgled.example/x", "method": "POST", "why": "timeout"}]

    before = text(report(given, evidence=known))
    after = text(report(given, evidence=known, fetched=tuple(asked)))

    assert "edc-issuer verify --online diploma.jsonld" in before
    assert "edc-issuer verify --online" not in after
    assert "without an answer that settles it: ocsp.zgled.example." in after


@pytest.mark.parametrize("name", ["a b.jsonld", "$(x).jsonld", "-rf", "ž;ls", "../x"])
def test_no_command_holds_a_name_that_a_shell_would_read(name: str) -> None:
    certificate = {**SCHOOL["seal.certificate"], "issuer_country": "SI"}
    known = {**SCHOOL, "seal.certificate": certificate}

    shown = report(SEAL_NOT_TRUSTED, evidence=known).to_text(name=name)

    assert "edc-issuer trust update --for FILE\n" in shown


def test_where_no_list_of_the_country_is_known_its_authority_is_named() -> None:
    shown = text(report(SEAL_NOT_TRUSTED))

    assert shown.startswith(
        "NOT CONFIRMED   diploma.jsonld\n"
        "The file is unchanged since it was sealed. The seal says: "
        "Srednja šola Zgled, NTRSI-1234567.\n"
        "Anyone can write a name into a seal; no list on this computer confirms this "
        "one yet.\n"
        "This is not a sign of forgery, and not yet a reason to rely on it.\n"
        "Get the root certificate of Zgled Seal CA (Zgled CA) from its own site, "
        "compare the fingerprint by telephone, then edc-issuer trust add FILE.pem\n"
    )


def test_the_first_screen_in_slovenian() -> None:
    shown = text(report(SEAL_NOT_TRUSTED), "sl")

    assert shown.startswith(
        "NI POTRJENO   diploma.jsonld\n"
        "Datoteka po žigosanju ni bila spremenjena. V žigu piše: Srednja šola Zgled, "
        "NTRSI-1234567.\n"
        "V žig lahko vsakdo zapiše katero koli ime; tega noben seznam na tem "
        "računalniku še ne potrjuje.\n"
        "To ni znak ponarejanja, a tudi še ni razlog, da bi se na datoteko zanesli.\n"
    )


def test_outside_the_european_union_no_list_is_promised() -> None:
    serbian = {"proved": {"names": ["Школа"], "identifier": "NTRRS-07000000"}}
    known = {**SCHOOL, "issuer.identified": serbian}

    shown = text(report(SEAL_NOT_TRUSTED, evidence=known))

    assert (
        "The EU lists do not cover Serbia. Get the root certificate of Zgled Seal CA "
        "(Zgled CA) from its own site, compare the fingerprint by telephone, then "
        "edc-issuer trust add FILE.pem\n"
    ) in shown


def test_a_passed_file_names_who_was_proved_and_who_says_so() -> None:
    shown = text(report())

    assert shown.startswith(
        "PASSED   diploma.jsonld\n"
        "Unchanged. Sealed by Srednja šola Zgled (NTRSI-1234567), confirmed by "
        "Zgled Root (Zgled CA).\n"
    )
    assert "Srednja šola Zgled, NTRSI-1234567 (confirmed)" in shown


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "That it may award this was not"), ("sl", "Da sme to podeliti, ni bilo")],
)
def test_an_authority_vouches_for_a_name_only(language: str, word: str) -> None:
    shown = text(report({"issuer.trusted": ("warn", "identity-only")}), language)

    assert shown.splitlines()[2].startswith(word)


def test_a_badge_confirmed_by_the_operator() -> None:
    shown = text(report(evidence=BADGE), "en")

    assert (
        "Unchanged. Sealed by Srednja šola Zgled (did:web:zgled.si), confirmed by "
        "your own list.\n"
    ) in shown


def test_a_badge_that_is_not_listed() -> None:
    shown = text(report(BADGE_NOT_LISTED, evidence=BADGE))

    assert (
        "Ask the school, by a number you did not take from this file, whether "
        "did:web:zgled.si is theirs. If so: edc-issuer trust add did:web:zgled.si "
        '--name "…"\n'
    ) in shown


def test_a_badge_without_its_key() -> None:
    shown = text(report(NO_KEY, evidence=BADGE, content=None))

    assert (
        "We could not check whether it was changed: the key is at "
        "did:web:zgled.si#key-1.\n"
    ) in shown
    assert "--online" not in shown


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        pytest.param(
            {"proof.key": ("undecided", "unsigned")},
            "Nobody sealed or signed this file, so anyone could have written it.\n"
            "Ask the school for the sealed file.",
            id="unsigned",
        ),
        pytest.param(
            {"proof.key": ("undecided", "no-key")},
            "We could not check whether it was changed: the key that signed it is not "
            "at hand.\nAsk the school, by a number you did not take from this file,",
            id="no-key",
        ),
        pytest.param(
            {"seal.certificate": ("undecided", "not-a-seal")},
            "The file is unchanged, but what signed it is not the seal of an "
            "organisation. The certificate names: Ana Vzorec (Srednja šola Zgled).\n"
            "Ask the school for a file with the school's own seal.",
            id="personal-certificate",
        ),
        pytest.param(
            {"seal.revocation": ("undecided", "no-data")},
            "nothing at hand tells whether its certificate had been withdrawn.\n"
            "Get the current list of withdrawn certificates (CRL) from the site of "
            "Zgled Seal CA (Zgled CA), then edc-issuer trust add FILE.crl and verify",
            id="no-revocation-data",
        ),
        pytest.param(
            {
                "seal.revocation": ("undecided", "no-data"),
                "time.signed": ("warn", "claimed-only"),
            },
            "Without a timestamp and revocation answers nobody can confirm this seal "
            "later.\n",
            id="level-b",
        ),
        pytest.param(
            {"seal.revocation": ("undecided", "REVOKED_NO_POE")},
            "The certificate of the seal was withdrawn, and nothing proves",
            id="withdrawn-since",
        ),
        pytest.param(
            {"issuer.identified": ("undecided", "name-differs")},
            "The seal says: Srednja šola Zgled. The file says: Srednja šola Zgled.\n"
            "Ask the school, by a number",
            id="name-differs",
        ),
        pytest.param(
            {"issuer.identified": ("undecided", "key-only-in-file")},
            "The key is named only in the file itself, so anyone could have put it",
            id="key-only-in-file",
        ),
        pytest.param(
            {"format.wellformed": ("undecided", "unsupported")},
            "This version of the program does not read this kind of file. Nothing "
            "follows from that, neither good nor bad.\nTry a newer version",
            id="unsupported",
        ),
        pytest.param(
            {"credential.status": ("undecided", "not-built")},
            "This version of the program cannot answer this question yet.",
            id="status-not-built",
        ),
        pytest.param(
            {"credential.validity": ("undecided", "date-unreadable")},
            "The dates of validity cannot be read.",
            id="dates",
        ),
    ],
)
def test_each_cause_has_its_sentence_and_its_next_step(
    answers: dict[str, tuple[str, str]], sentence: str
) -> None:
    shown = text(report(answers))

    assert shown.startswith("NOT CONFIRMED   diploma.jsonld\n")
    assert sentence in shown


def test_the_first_open_question_explains_the_verdict() -> None:
    answers = {
        "issuer.identified": ("undecided", "name-differs"),
        "seal.revocation": ("undecided", "no-data"),
    }

    shown = text(report(answers)).splitlines()

    assert "the name in the seal is not the name of the issuer" in shown[1]


def test_a_badge_is_never_told_about_a_seal_that_it_does_not_have() -> None:
    known = {
        "issuer.identified": {
            "proved": {"names": ["Druga šola"], "identifier": "did:key:z6Mk"},
            "stated": {"names": ["Srednja šola Zgled"]},
        }
    }
    no_seal = {i: ("skipped", "not-applicable") for i in CHECK_IDS if "seal." in i}

    for answer in (("undecided", "name-differs"), ("fail", "identity.mismatch")):
        shown = text(report({**no_seal, "issuer.identified": answer}, evidence=known))

        said = shown.partition("Whose credential")[0]
        assert "Druga šola. The file says: Srednja šola Zgled." in said
        assert "seal" not in said


def test_a_proof_later_than_the_time_asked_about_says_just_that() -> None:
    shown = text(report({"proof.key": ("undecided", "later-than-asked")}))

    assert shown.splitlines()[1:3] == [
        "By its own word this signature was made after the time you asked about, so it "
        "does not count for that time.",
        "Ask about a later time with --at, or about now without it.",
    ]


@pytest.mark.parametrize(
    ("hours", "told"), [(1, "AS OF 1 June 2026, 11:00 UTC."), (24, "not today")]
)
def test_only_another_day_is_called_not_today(hours: int, told: str) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)

    shown = text(report(verified_at=noon, as_of=noon - timedelta(hours=hours)))

    assert told in shown
    assert ("not today" in shown) == (hours == 24)


def test_a_seal_without_a_number_is_named_alone() -> None:
    known = {**SCHOOL, "issuer.identified": {"proved": {"names": ["Nowina"]}}}

    shown = text(report(SEAL_NOT_TRUSTED, evidence=known))

    assert "The seal says: Nowina.\n" in shown


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"proof.integrity": ("fail", "signature")}, "The content was changed"),
        ({"format.wellformed": ("fail", "json.duplicate")}, "The same field stands"),
        ({"format.recognised": ("fail", "format.unrecognized")}, "This is not a kind"),
        ({"credential.status": ("fail", "revoked")}, "The issuer revoked the"),
        ({"seal.revocation": ("fail", "revoked")}, "The certificate of the seal had"),
        ({"issuer.identified": ("fail", "identity.mismatch")}, "The seal belongs to a"),
        ({"credential.validity": ("fail", "expired")}, "The credential has expired."),
    ],
)
def test_a_failed_file_says_what_is_wrong_and_nothing_about_trust(
    answers: dict[str, tuple[str, str]], sentence: str
) -> None:
    shown = text(report(answers | {"issuer.trusted": ("undecided", "no-anchor")}))

    assert shown.startswith(f"FAILED   diploma.jsonld\n{sentence}")
    assert "edc-issuer" not in shown


def test_a_seal_of_another_organisation_is_named_beside_the_stated_issuer() -> None:
    other = {"names": ["Druga šola"], "identifier": "NTRSI-7654321"}
    stated = {"names": ["Srednja šola Zgled"]}
    known = {**SCHOOL, "issuer.identified": {"proved": other, "stated": stated}}
    answers = {"issuer.identified": ("fail", "identity.mismatch")}

    shown = text(report(answers, evidence=known))

    assert "The seal says: Druga šola. The file says: Srednja šola Zgled.\n" in shown


def test_an_unsigned_file_is_not_shown_and_says_why() -> None:
    shown = text(report({"proof.key": ("undecided", "unsigned")}, content=None))

    assert "What the file says is not shown, because nobody signed it.\n" in shown


def test_the_five_answers() -> None:
    shown = text(report({"credential.status": ("skipped", "no-status")}), "sl")

    assert (
        "Čigavo je dokazilo?     Živa Đurić (po navedbah v datoteki)\n"
        "Kaj dokazilo potrjuje?  Čebelarjenje (po navedbah v datoteki)\n"
        "Kdo ga je izdal?        Srednja šola Zgled, NTRSI-1234567 (potrjeno)\n"
        "Kdaj in kje?            20. 11. 2025, Žiče (po navedbah v datoteki)\n"
        "Ali še velja?           Konec veljavnosti ni naveden. Ali je bilo "
        "preklicano, ni znano.\n"
    ) in shown


def test_a_name_that_nobody_proved_is_only_the_files_word() -> None:
    shown = text(report(SEAL_NOT_TRUSTED))

    assert "Zgled Secondary School (according to the file)" in shown
    assert "(confirmed)" not in shown


def test_a_seal_that_may_have_been_withdrawn_is_not_called_confirmed() -> None:
    shown = text(report({"seal.revocation": ("undecided", "no-data")}))

    assert "Srednja šola Zgled, NTRSI-1234567 (according to the seal)" in shown
    assert "(confirmed)" not in shown


def test_another_name_of_the_issuer_stands_apart() -> None:
    assert "It also calls itself: Zgled Secondary School\n" in text(report())


def test_nothing_of_a_changed_file_is_shown() -> None:
    broken = report({"proof.integrity": ("fail", "signature")}, content=None)

    shown = text(broken, verbose=True)

    assert "What the file says is not shown" in shown
    assert "Whose credential" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_test_trust_stands_above_the_verdict(language: str) -> None:
    tested = report({"issuer.trusted": ("warn", "test")}, test=True)

    lines = text(tested, language).splitlines()

    assert lines[0].startswith("TEST")
    assert "--allow-test" in "\n".join(lines[:5])
    assert "(confirmed)" not in "\n".join(lines)
    assert to_line(tested, language=language).startswith("TEST ")


def test_a_past_time_stands_above_the_verdict() -> None:
    past = report(as_of=datetime(2023, 10, 1, tzinfo=UTC))

    assert text(past).startswith(
        "AS OF 1 October 2023, 00:00 UTC, not today. What is said below is what could "
        "be known then.\nPASSED   diploma.jsonld\n"
    )


def test_a_picture_is_never_judged() -> None:
    shown = text(report(carrier="png"))

    assert (
        "We checked the credential inside, not the picture or page. It says: "
        "Beekeeping, Živa Đurić.\n"
    ) in shown


def test_whoever_hands_the_file_over_was_not_checked() -> None:
    sentence = "We do not check whether the sender is the holder."

    assert sentence in text(report())
    assert sentence not in text(report({"credential.holder": ("pass", "")}))


def test_a_presentation_shows_each_part_under_its_own_verdict() -> None:
    inner = {"name": "Tuje ime", **CONTENT}
    parts = (report(content=inner), report({"proof.integrity": ("fail", "signature")}))
    outer = report(
        {"credential.model": ("undecided", "presentation")},
        kind="presentation",
        parts=parts,
        content={"verifiableCredential": [{"part": 0}, {"part": 1}]},
    )

    lines = text(outer).splitlines()

    assert lines[0] == "FAILED   diploma.jsonld"
    assert lines[1].startswith("This is an envelope.")
    first, second = lines.index("Part 1 of 2"), lines.index("Part 2 of 2")
    assert lines[first + 1] == "  PASSED"
    assert lines[second + 1] == "  FAILED"


def test_a_presentation_is_never_passed() -> None:
    outer = report(kind="presentation", parts=(report(),))

    assert text(outer).startswith("NOT CONFIRMED   diploma.jsonld\nThis is an envelope")


def test_only_the_checks_that_matter_are_shown() -> None:
    shown = text(report({"time.signed": ("warn", "claimed-only")}))

    questions = re.findall(r"^  \w.*\?$", shown, re.M)

    assert [question.split("  ")[-1].strip() for question in questions] == [
        "Unchanged since it was signed?",
        "When was it signed, and who says so?",
        "Is the signer the issuer named inside?",
        "Does someone you trust vouch for that identity?",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_verbose_shows_every_question(language: str) -> None:
    messages = Messages(language)

    shown = text(report(), language, verbose=True)

    for check in CHECK_IDS:
        question = messages.text(f"check.{check}.question").partition("{")[0]
        assert question in shown


def test_verbose_names_what_breaks_the_rules() -> None:
    problem = {"path": "/credentialSubject/0", "code": "x", "message": "no\x1b name"}
    known = {**SCHOOL, "credential.content": {"problems": [problem]}}
    answers = {"credential.content": ("warn", "nonconformant")}

    shown = text(report(answers, evidence=known), verbose=True)

    assert "/credentialSubject/0: no\\u001b name\n" in shown


def test_signatures_of_others_colour_nothing() -> None:
    signer = Signer("Kdor koli", None, "file")
    own = ProofReport("jades", signer, "issuer", Outcome.PASSED, None, "B", ())
    other = ProofReport("jades", signer, "other", Outcome.FAILED, None, "B", ())

    shown = text(report(proofs=(own, other)))

    assert shown.startswith("PASSED")
    assert "Further signatures in the file: 1." in shown
    assert "Kdor koli" not in shown


@pytest.mark.parametrize(
    "did",
    [
        "did:web:zgled.si;rm -rf ~",
        "did:web:zgled.si\nPASSED",
        "did:web:$(id)",
        "did:web:zgled.si --name Zgled",
        'did:web:zgled.si" && id',
    ],
)
def test_no_command_is_offered_that_a_shell_would_misread(did: str) -> None:
    known = {**BADGE, "issuer.identified": {"proved": {"identifier": did}}}

    shown = text(report(BADGE_NOT_LISTED, evidence=known))

    assert f"trust add {did}" not in shown
    assert "trust add did" not in shown


def test_names_stand_on_one_line_and_repaint_nothing() -> None:
    evil = "Zgled\x1b[2J\nPASSED   diploma.jsonld\u202e"
    content = {**CONTENT, "issuer": evil, "credentialSubject": {"fullName": evil}}

    shown = text(report(SEAL_NOT_TRUSTED, content=content))

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert [line for line in shown.splitlines() if line.startswith("PASSED")] == []


def test_a_file_name_repaints_nothing_either() -> None:
    shown = report().to_text(name="a\x1b[2J\nPASSED b.jsonld")

    assert shown.splitlines()[0] == "PASSED   a\\u001b[2J PASSED b.jsonld"


def test_letters_that_only_look_like_others_are_told() -> None:
    content = {**CONTENT, "issuer": {"legalName": "Univerza v Ljubljаni"}}

    shown = text(report(SEAL_NOT_TRUSTED, content=content))

    assert "mixes letters of different alphabets that look alike" in shown


def test_coded_internet_names_are_told() -> None:
    known = {**BADGE, "issuer.identified": {"proved": {"identifier": "did:web:xn--a"}}}

    assert "internet name in coded spelling" in text(report(evidence=known))


def test_one_line_for_each_of_many_files() -> None:
    line = to_line(report(SEAL_NOT_TRUSTED), name="a.jsonld")

    assert line.startswith("NOT CONFIRMED   a.jsonld   The file is unchanged since")
    assert len(line.splitlines()) == 1


def every_kind_of_report() -> st.SearchStrategy[Report]:
    answer = st.tuples(st.sampled_from([str(s) for s in Status]), any_reason())
    return st.builds(
        report,
        st.dictionaries(st.sampled_from(CHECK_IDS), answer),
        evidence=st.none() | st.dictionaries(st.sampled_from(CHECK_IDS), evidence()),
        test=st.booleans(),
        carrier=st.none() | st.just("svg"),
        kind=st.sampled_from(["credential", "presentation"]),
        as_of=st.none() | st.just(NOW),
        content=st.none() | st.dictionaries(st.text(), ANYTHING) | credentials(),
        format=st.none() | st.text(),
        model=st.none() | st.text(),
    )


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def any_reason() -> st.SearchStrategy[str]:
    return st.sampled_from([*REASONS, "", "never-heard-of"])


def evidence() -> st.SearchStrategy[dict[str, Any]]:
    names = ["proved", "stated", "names", "anchor", "address", "until", "problems"]
    return st.dictionaries(st.sampled_from(names), ANYTHING)


def credentials() -> st.SearchStrategy[dict[str, Any]]:
    names = ["issuer", "credentialSubject", "validUntil", "displayParameter", "name"]
    return st.dictionaries(st.sampled_from(names), ANYTHING)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=80)
@given(every_kind_of_report(), st.sampled_from(LANGUAGES), st.booleans())
def test_every_report_can_be_read_everywhere(
    given_report: Report, language: str, verbose: bool
) -> None:
    shown = given_report.to_text(language=language, verbose=verbose)

    for encoding in ("cp1250", "cp437"):
        printable(shown, encoding).encode(encoding)
    assert not re.search(r"\[[a-z]+\.[a-z.]+\]", shown)
    if shown.lstrip().startswith(("FAILED", "NEVELJAVNO")):
        assert "trust add" not in shown
    json.loads(given_report.to_json())
    assert len(given_report.to_elm()["verificationCheck"]) == 6


@pytest.mark.sampled(5)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(REASONS))
def test_no_sentence_waits_for_a_value(code: str, language: str) -> None:
    for check in REASONS[code]:
        for status in ("warn", "fail", "undecided"):
            shown = text(report({check: (status, code)}), language, verbose=True)
            assert not re.search(r"\{\w+\}", shown)


def test_the_page_of_checks_is_up_to_date() -> None:
    tool = Path(__file__).parent.parent / "tools" / "checks_page.py"
    spec = importlib.util.spec_from_file_location("checks_page", tool)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert module.PAGE.read_text("utf-8") == module.page()
