"""Open Badges 2.0: hosted and signed, each rule with its honest twin beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from badges2 import (
    ASSERTION,
    BADGE,
    CONTEXT,
    HOME,
    ISSUER,
    KEY,
    LEARNER,
    NAME,
    REVOKED,
    TRUST,
    Web,
    assertion,
    node,
    other_key,
    pages,
    pem,
    profile,
    signed,
    stored,
    text,
    verify,
)
from edc_issuer.cli import app
from edc_issuer.formats.ob2 import is_plain, recognises
from edc_issuer.models import ob2
from edc_issuer.report import Outcome, Report, Status
from edc_issuer.trust import Trust
from edc_issuer.verify import Verifier
from edc_issuer.verify.badge2_issuer import belongs_there, listed_keys, read_key
from edc_issuer.verify.badge2_objects import MAX_OBJECTS
from pictures import png, text_chunk


def answer(report: Report, check_id: str) -> tuple[str, str]:
    check = report.check(check_id)
    return check.status.value, check.reason


# What is honest


def test_a_hosted_badge_is_what_lies_at_its_own_address() -> None:
    report = verify(assertion(), pages())

    assert report.outcome is Outcome.PASSED
    assert (report.format, report.model) == ("ob2-hosted", "ob2")
    assert answer(report, "proof.integrity") == ("warn", "hosted")
    assert answer(report, "credential.status") == ("pass", "hosted")
    assert report.signer is not None
    assert (report.signer.name, report.signer.identifier) == (NAME, ISSUER)


def test_a_signed_badge_is_signed_with_a_key_that_its_issuer_lists() -> None:
    report = verify(signed(), pages())

    assert report.outcome is Outcome.PASSED
    assert report.format == "ob2-signed"
    assert answer(report, "proof.key") == ("pass", "https")
    assert answer(report, "proof.integrity") == ("pass", "")
    assert answer(report, "credential.status") == ("pass", "")


def test_the_five_answers_are_read_out_of_the_badge_and_its_class() -> None:
    said = verify(assertion(), pages()).to_text(language="en")

    assert "Еколошки изазов: čista reka" in said
    assert NAME in said
    assert "31 May 2025" in said
    assert "Nobody signed it." in said


def test_the_version_of_the_standard_is_told() -> None:
    report = verify(assertion(), pages())

    assert answer(report, "credential.model") == ("warn", "older-version")


def test_every_address_that_was_asked_stands_in_the_report_with_its_digest() -> None:
    report = verify(signed(), pages())

    assert {line["url"] for line in report.fetched} == {BADGE, ISSUER, KEY, REVOKED}
    assert all(len(line["sha256"]) == 64 for line in report.fetched)


@pytest.mark.parametrize("make", [lambda: text(assertion()), signed])
def test_what_the_operator_stored_counts_without_a_network(
    make: Callable[[], bytes],
) -> None:
    report = verify(make(), trust=stored(pages()))

    assert report.outcome is Outcome.PASSED
    assert report.fetched == ()


def test_the_recipient_is_compared_by_the_hash() -> None:
    same = verify(assertion(), pages(), holder=LEARNER)
    other = verify(assertion(), pages(), holder="drugi@example.org")

    assert same.check("credential.holder").status is Status.PASS
    assert other.check("credential.holder").status is Status.FAIL


# What is not at hand


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(assertion(), "hosted-offline", id="hosted"),
        pytest.param(signed(), "key-not-at-hand", id="signed"),
    ],
)
def test_without_a_door_a_badge_stays_undecided(data: Any, reason: str) -> None:
    report = verify(data)

    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, "proof.key") == ("undecided", reason)
    assert report.content is None
    assert "--online" in report.to_text(language="en")


@pytest.mark.parametrize("missing", [BADGE, ISSUER])
def test_without_its_class_or_issuer_nobody_is_identified(missing: str) -> None:
    web = {url: page for url, page in pages().items() if url != missing}

    for data in (text(assertion()), signed()):
        report = verify(data, web)
        assert report.outcome is Outcome.INDETERMINATE
        expected = ("undecided", "object-not-at-hand")
        assert answer(report, "issuer.identified") == expected


def test_without_the_list_of_revoked_badges_the_status_is_undecided() -> None:
    web = {url: page for url, page in pages().items() if url != REVOKED}

    report = verify(signed(), web)

    assert report.outcome is Outcome.INDETERMINATE
    assert answer(report, "credential.status") == ("undecided", "unreachable")


def test_an_issuer_nobody_listed_is_not_trusted() -> None:
    report = verify(assertion(), pages(), trust=Trust())

    assert report.outcome is Outcome.INDETERMINATE
    assert report.check("issuer.trusted").status is Status.UNDECIDED


def test_an_address_without_protection_is_not_asked() -> None:
    plain = ASSERTION.replace("https:", "http:")
    web = Web({**pages(), plain: assertion(id=plain)})

    report = Verifier(trust=TRUST, fetcher=web).verify(text(assertion(id=plain)))

    assert answer(report, "proof.key") == ("undecided", "not-https")
    assert web.asked == []


def test_a_context_written_into_the_file_is_not_read() -> None:
    report = verify(assertion(**{"@context": [CONTEXT, {"name": "x:y"}]}), pages())

    assert answer(report, "format.wellformed") == ("undecided", "unsupported")


def test_a_signed_badge_without_its_signature_is_unsigned() -> None:
    bare = assertion(verification={"type": "signed", "creator": KEY})

    handed = verify(bare, pages())
    lying = verify(assertion(), {**pages(), ASSERTION: bare})

    for report in (handed, lying):
        assert report.outcome is Outcome.INDETERMINATE
        assert answer(report, "proof.key") == ("undecided", "unsigned")


def test_only_so_many_addresses_are_asked() -> None:
    many = [f"{HOME}/pohvala-{n}.json" for n in range(2 * MAX_OBJECTS)]
    web = Web(pages(endorsement=many))

    report = Verifier(trust=TRUST, fetcher=web).verify(text(web.pages[ASSERTION]))

    assert report.outcome is Outcome.PASSED
    assert len(web.asked) <= MAX_OBJECTS


# Forgeries, each beside the twin that passes (`test_the_twins_pass`)

EVIL = "https://tat.example"


def _elsewhere() -> tuple[Any, dict[str, Any]]:
    """The school's badge class, and an assertion at the thief's own address."""
    stolen = assertion(id=f"{EVIL}/1.json")
    return stolen, {**pages(), f"{EVIL}/1.json": stolen}


def _own_class() -> tuple[Any, dict[str, Any]]:
    """A class of the thief's that names the school as its issuer."""
    mine = {**pages()[BADGE], "id": f"{EVIL}/eko.json"}
    stolen = assertion(id=f"{EVIL}/1.json", badge=mine)
    return stolen, {**pages(), f"{EVIL}/1.json": stolen}


def _own_profile_inside() -> tuple[Any, dict[str, Any]]:
    """The school's profile written out by the thief, who allows his own address."""
    said = profile(verification={"type": "hosted", "allowedOrigins": "tat.example"})
    mine = {**pages()[BADGE], "id": f"{EVIL}/eko.json", "issuer": said}
    stolen = assertion(id=f"{EVIL}/1.json", badge=mine)
    return stolen, {**pages(), f"{EVIL}/1.json": stolen}


def _changed(**members: Any) -> Callable[[], tuple[Any, dict[str, Any]]]:
    return lambda: (assertion(**members), pages())


def _at(url: str, page: Any) -> Callable[[], tuple[Any, dict[str, Any]]]:
    return lambda: (assertion(), {**pages(), url: page})


HOSTED: dict[
    str, tuple[Callable[[], tuple[Any, dict[str, Any]]], str, tuple[str, str]]
] = {
    "other-recipient": (
        _changed(recipient={"type": "email", "hashed": False, "identity": "x@y.si"}),
        "proof.integrity",
        ("fail", "hosted-differs"),
    ),
    "other-class": (
        _changed(badge=f"{HOME}/doktorat.json"),
        "proof.integrity",
        ("fail", "hosted-differs"),
    ),
    "end-taken-away": (
        lambda: (
            assertion(expires="2099-01-01T00:00:00Z"),
            pages(expires="2026-01-01T00:00:00Z"),
        ),
        "proof.integrity",
        ("fail", "hosted-differs"),
    ),
    "at-the-thief's-address": (
        _elsewhere,
        "issuer.identified",
        ("fail", "hosted-elsewhere"),
    ),
    "class-of-the-thief": (
        _own_class,
        "issuer.identified",
        ("fail", "hosted-elsewhere"),
    ),
    "profile-inside-the-badge": (
        _own_profile_inside,
        "issuer.identified",
        ("fail", "hosted-elsewhere"),
    ),
    "taken-down": (_at(ASSERTION, "gone"), "credential.status", ("fail", "revoked")),
    "revoked": (
        _at(ASSERTION, assertion(revoked=True)),
        "credential.status",
        ("fail", "revoked"),
    ),
    "expired": (
        lambda: (assertion(), pages(expires="2026-01-01T00:00:00Z")),
        "credential.validity",
        ("fail", "expired"),
    ),
    "not-yet-issued": (
        lambda: (
            assertion(issuedOn="2099-01-01T00:00:00Z"),
            pages(issuedOn="2099-01-01T00:00:00Z"),
        ),
        "credential.validity",
        ("fail", "not-yet-valid"),
    ),
    "no-assertion": (
        lambda: (assertion(type="Award"), pages(type="Award")),
        "credential.content",
        ("fail", "untyped"),
    ),
    "another-id-at-the-address": (
        _at(ASSERTION, assertion(id=f"{HOME}/2.json")),
        "proof.key",
        ("undecided", "object-unusable"),
    ),
    "no-json-at-the-address": (
        _at(ASSERTION, b"<html>"),
        "proof.key",
        ("undecided", "object-unusable"),
    ),
    "issuer-calls-itself-otherwise": (
        _at(ISSUER, profile(name="Univerza v Ljubljani")),
        "issuer.identified",
        ("undecided", "name-differs"),
    ),
}


def test_the_twins_pass() -> None:
    assert verify(assertion(), pages()).outcome is Outcome.PASSED
    assert verify(signed(), pages()).outcome is Outcome.PASSED


@pytest.mark.parametrize("name", HOSTED)
def test_a_hosted_badge_made_to_deceive_does_not_pass(name: str) -> None:
    make, check_id, expected = HOSTED[name]
    data, web = make()

    report = verify(data, web)

    assert report.outcome is not Outcome.PASSED
    assert answer(report, check_id) == expected


def _revoking(*rows: Any) -> dict[str, Any]:
    listed = node("RevocationList", REVOKED, issuer=ISSUER, revokedAssertions=rows)
    return {**pages(), REVOKED: listed}


def _key(**members: Any) -> dict[str, Any]:
    return {**pages(), KEY: {**pages()[KEY], **members}}


def _cut() -> bytes:
    head, _payload, signature = signed().split(b".")
    said = {"type": "signed", "creator": KEY}
    later = assertion(verification=said, issuedOn="2024-05-31T10:00:00Z")
    payload = signed(later).split(b".")[1]
    return b".".join([head, payload, signature])


def _without_signature() -> bytes:
    head = signed(header={"alg": "none"}).split(b".")
    return b".".join([*head[:2], b""])


SIGNED: dict[
    str, tuple[Callable[[], bytes], Callable[[], dict[str, Any]], str, tuple[str, str]]
] = {
    "changed": (_cut, pages, "proof.integrity", ("fail", "signature")),
    "another-key": (
        lambda: signed(key=other_key()),
        pages,
        "proof.integrity",
        ("fail", "signature"),
    ),
    "key-of-the-thief": (
        lambda: signed(
            assertion(verification={"type": "signed", "creator": f"{EVIL}/k.json"}),
            key=other_key(),
        ),
        lambda: {
            **pages(),
            f"{EVIL}/k.json": node(
                "CryptographicKey",
                f"{EVIL}/k.json",
                owner=ISSUER,
                publicKeyPem=pem(other_key()),
            ),
        },
        "issuer.identified",
        ("undecided", "key-not-listed-now"),
    ),
    "issuer-lists-no-keys": (
        signed,
        lambda: {**pages(), ISSUER: profile(publicKey=[])},
        "issuer.identified",
        ("undecided", "issuer-lists-no-keys"),
    ),
    "key-of-another-owner": (
        signed,
        lambda: _key(owner=f"{EVIL}/kdo.json"),
        "issuer.identified",
        ("undecided", "controller-differs"),
    ),
    "no-key-at-the-address": (
        signed,
        lambda: _key(publicKeyPem="-----BEGIN PUBLIC KEY-----"),
        "proof.key",
        ("undecided", "key-unreadable"),
    ),
    "no-key-named": (
        lambda: signed(assertion(verification={"type": "signed"})),
        pages,
        "proof.key",
        ("undecided", "no-key"),
    ),
    "no-algorithm": (
        _without_signature,
        pages,
        "proof.algorithm",
        ("fail", "alg.not_allowed"),
    ),
    "secret-for-a-key": (
        lambda: signed(header={"alg": "HS256"}),
        pages,
        "proof.algorithm",
        ("fail", "alg.not_allowed"),
    ),
    "revoked-by-id": (
        signed,
        lambda: _revoking({"id": ASSERTION, "revocationReason": "pomota"}),
        "credential.status",
        ("fail", "revoked"),
    ),
    "revoked-by-bare-id": (
        signed,
        lambda: _revoking(ASSERTION),
        "credential.status",
        ("fail", "revoked"),
    ),
    "no-list-at-its-address": (
        signed,
        lambda: {**pages(), REVOKED: node("Assertion", REVOKED)},
        "credential.status",
        ("undecided", "status-list-unreadable"),
    ),
}


@pytest.mark.parametrize("name", SIGNED)
def test_a_signed_badge_made_to_deceive_does_not_pass(name: str) -> None:
    make, web, check_id, expected = SIGNED[name]

    report = verify(make(), web())

    assert report.outcome is not Outcome.PASSED
    assert answer(report, check_id) == expected


def test_a_badge_revoked_by_its_uid_is_revoked() -> None:
    said = {"type": "signed", "creator": KEY}
    badge = signed(assertion(uid="42", verification=said))

    assert verify(badge, _revoking({"uid": "43"})).outcome is Outcome.PASSED
    assert verify(badge, _revoking({"uid": "42"})).outcome is Outcome.FAILED


def test_an_issuer_without_a_list_names_no_place_of_revocation() -> None:
    web = {**pages(), ISSUER: {**profile()}}
    del web[ISSUER]["revocationList"]

    report = verify(signed(), web)

    assert report.outcome is Outcome.PASSED
    assert answer(report, "credential.status") == ("skipped", "no-status")


def test_good_news_that_was_stored_is_believed_for_a_day() -> None:
    old = datetime.now(UTC) - timedelta(days=2)

    for data in (text(assertion()), signed()):
        report = verify(data, trust=stored(pages(), at=old))
        assert report.outcome is Outcome.INDETERMINATE
        assert answer(report, "credential.status") == (
            "undecided",
            "status-list-stale",
        )


def test_bad_news_that_was_stored_counts_at_any_age() -> None:
    old = datetime.now(UTC) - timedelta(days=900)

    report = verify(signed(), trust=stored(_revoking(ASSERTION), at=old))

    assert answer(report, "credential.status") == ("fail", "revoked")


def test_a_key_inside_the_profile_is_that_of_the_issuer() -> None:
    key = pages()[KEY]
    web = {**pages(), ISSUER: profile(publicKey=key)}
    del web[KEY]

    assert verify(signed(), web).outcome is Outcome.PASSED
    other = {**key, "publicKeyPem": pem(other_key())}
    forged = verify(signed(), {**web, ISSUER: profile(publicKey=other)})
    assert forged.outcome is Outcome.FAILED


def test_a_key_in_the_profile_can_be_named_by_its_fragment() -> None:
    url = f"{ISSUER}#k1"
    key = {**pages()[KEY], "id": url}
    web = {**pages(), ISSUER: profile(publicKey=[key])}
    badge = signed(assertion(verification={"type": "signed", "creator": url}))

    assert verify(badge, web).outcome is Outcome.PASSED


# Endorsements


def _endorsement(url: str, **members: Any) -> dict[str, Any]:
    said = {
        "claim": {"id": ASSERTION, "endorsementComment": "Čestitamo."},
        "issuer": ISSUER,
        "issuedOn": "2025-06-01T00:00:00Z",
        "verification": {"type": "hosted"},
    }
    return node("Endorsement", url, **(said | members))


def test_each_endorsement_has_its_own_verdict() -> None:
    good, bad = f"{HOME}/pohvala.json", f"{EVIL}/pohvala.json"
    web = {
        **pages(endorsement=[good, bad]),
        good: _endorsement(good),
        bad: _endorsement(bad),
    }

    report = verify(web[ASSERTION], web)

    assert report.outcome is Outcome.PASSED
    assert [part.outcome for part in report.parts] == [Outcome.PASSED, Outcome.FAILED]
    assert report.content is not None
    assert report.content["endorsement"] == [{"part": 0}, {"part": 1}]


def test_endorsements_in_a_circle_end() -> None:
    one = f"{HOME}/a.json"
    web = {**pages(endorsement=one), one: _endorsement(one, endorsement=one)}

    assert verify(web[ASSERTION], web).outcome is Outcome.PASSED


# Where hosted badges may lie


@pytest.mark.parametrize(
    ("verification", "url", "belongs"),
    [
        pytest.param(None, f"{HOME}/1.json", True, id="own-host"),
        pytest.param(None, f"{EVIL}/1.json", False, id="other-host"),
        pytest.param(None, "https://sola.example.tat.example/", False, id="longer"),
        pytest.param(None, "https://sola.example@tat.example/", False, id="user-name"),
        pytest.param(None, "http://sola.example/1.json", False, id="plain"),
        pytest.param(None, "https://sola.example:8443/", False, id="other-port"),
        pytest.param(
            {"allowedOrigins": "znacke.example"}, "https://znacke.example/1", True
        ),
        pytest.param({"allowedOrigins": ["a.example"]}, f"{HOME}/1.json", False),
        pytest.param({"startsWith": f"{HOME}/"}, f"{HOME}/1.json", True),
        pytest.param(
            {"startsWith": f"{HOME}/"}, "https://sola.example/nalozeno/1.json", False
        ),
        pytest.param({"startsWith": ["https://"]}, f"{EVIL}/1.json", False),
        pytest.param(
            {"startsWith": "https://sola.example"},
            "https://sola.example.tat.example/1",
            False,
        ),
        pytest.param({"startsWith": [f"{EVIL}/", f"{HOME}/"]}, f"{HOME}/1.json", True),
    ],
)
def test_where_the_badges_of_an_issuer_lie(
    verification: Any, url: str, belongs: bool
) -> None:
    said = profile(**({"verification": verification} if verification else {}))

    assert belongs_there(url, said) is belongs


# Rules


def _codes(view: dict[str, Any]) -> set[tuple[str, str]]:
    return {(problem.path, problem.code) for problem in ob2.inspect(view)}


def _whole() -> dict[str, Any]:
    return {**assertion(), "badge": {**pages()[BADGE], "issuer": profile()}}


def test_an_honest_badge_breaks_no_rule() -> None:
    assert _codes(_whole()) == set()


@pytest.mark.parametrize("name", ["id", "recipient", "badge", "verification"])
def test_what_an_assertion_must_have_is_missed(name: str) -> None:
    view = _whole()
    del view[name]

    assert (f"/{name}", "property.missing") in _codes(view)


@pytest.mark.parametrize("name", ["name", "description", "image", "criteria", "issuer"])
def test_what_a_badge_class_must_have_is_missed(name: str) -> None:
    view = _whole()
    del view["badge"][name]

    assert (f"/badge/{name}", "property.missing") in _codes(view)


@pytest.mark.parametrize("name", ["name", "url", "email"])
def test_what_an_issuer_must_have_is_missed(name: str) -> None:
    view = _whole()
    del view["badge"]["issuer"][name]

    assert (f"/badge/issuer/{name}", "property.missing") in _codes(view)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("issuedOn", "včeraj", "value.time"),
        ("expires", 2026, "value.time"),
        ("revoked", "yes", "value.boolean"),
        ("id", "1", "value.uri"),
        ("badge", 5, "value.kind"),
    ],
)
def test_values_of_another_kind_are_told(path: str, value: Any, code: str) -> None:
    assert (f"/{path}", code) in _codes({**_whole(), path: value})


def test_a_hash_that_is_none_is_told() -> None:
    view = _whole()
    view["recipient"]["identity"] = "sha256$abc"

    assert ("/recipient/identity", "value.text") in _codes(view)


def test_criteria_that_say_nothing_are_told() -> None:
    view = _whole()
    view["badge"]["criteria"] = {"type": "Criteria"}

    assert ("/badge/criteria", "criteria.empty") in _codes(view)


# Recognising


@pytest.mark.parametrize(
    ("data", "known"),
    [
        pytest.param(text(assertion()), True, id="hosted"),
        pytest.param(signed(), True, id="signed"),
        pytest.param(
            text(assertion()).replace(b"/", b"\\/"), True, id="escaped-slashes"
        ),
        pytest.param(b'{"@context": "https://w3id.org/openbadges/v3"}', False),
        pytest.param(b"a.b.c", False),
        pytest.param(b"openbadges", False),
    ],
)
def test_badges_of_this_version_are_told_by_their_context(
    data: bytes, known: bool
) -> None:
    assert recognises(data) is known


def test_extensions_may_have_contexts_and_nothing_may_write_one_out() -> None:
    assert is_plain({"@context": [CONTEXT, "https://example.org/ext"]})
    assert not is_plain({"@context": {"id": "@id"}})
    assert not is_plain({"@context": ["https://example.org/ext", CONTEXT]})
    assert not is_plain({})


def test_keys_are_read_from_keys_only() -> None:
    with pytest.raises(ValueError, match="no CryptographicKey"):
        read_key({"type": "Profile", "publicKeyPem": pem(other_key())})
    assert listed_keys({"publicKey": [KEY, {"id": f"{KEY}2"}, 7]}) == {
        KEY: None,
        f"{KEY}2": None,
    }


def test_a_picture_with_a_hosted_badge_is_judged_as_the_badge() -> None:
    whole = verify(png(text_chunk(text(assertion()), b"openbadges")), pages())
    address = verify(png(text_chunk(ASSERTION.encode(), b"openbadges")), pages())
    offline = verify(png(text_chunk(ASSERTION.encode(), b"openbadges")))

    assert whole.outcome is address.outcome is Outcome.PASSED
    assert whole.carrier == address.carrier == "png"
    assert answer(offline, "proof.key") == ("undecided", "hosted-offline")


def test_an_operator_stores_pages_with_trust_add(tmp_path: Path) -> None:
    trust = tmp_path / "trust"
    name = ("trust", "add", ISSUER, "--name", NAME, "--trust", str(trust), "--yes")
    plain = KEY.replace("https:", "http:")
    web = {**pages(), ISSUER: profile(publicKey=plain)}
    web[plain] = {**web.pop(KEY), "id": plain}
    files = []
    for number, page in enumerate(web.values()):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_bytes(text(page))
    badge = signed(assertion(verification={"type": "signed", "creator": plain}))

    named = CliRunner().invoke(app, list(name))
    words = ("trust", "add", *map(str, files), "--trust", str(trust), "--yes")
    added = CliRunner().invoke(app, list(words))
    shown = CliRunner().invoke(app, ["trust", "show", "--trust", str(trust)])

    assert (named.exit_code, added.exit_code, shown.exit_code) == (0, 0, 0)
    assert verify(badge, trust=Trust.load(trust)).outcome is Outcome.PASSED


# What others could read into a badge


def test_an_issuer_beside_the_badge_is_not_shown() -> None:
    said = {"type": "signed", "creator": KEY}
    lying = assertion(
        verification=said,
        issuer={"name": "Univerza v Ljubljani"},
        credentialSubject={"achievement": {"name": "Doktorat"}},
    )

    honest, report = verify(signed(), pages()), verify(signed(lying), pages())

    assert honest.content is not None
    assert report.content is not None
    assert report.content.keys() == honest.content.keys()
    assert "Univerza" not in report.to_text(language="en")
    assert answer(report, "credential.content") == ("warn", "undefined-keys")


def test_keys_of_an_extension_are_not_called_undefined() -> None:
    contexts = [CONTEXT, "https://example.org/ext/context.json"]
    badge = pages(**{"@context": contexts, "ext:level": 3})

    report = verify(badge[ASSERTION], badge)

    assert answer(report, "credential.content") == ("pass", "")
    assert report.content is not None
    assert "ext:level" not in report.content


def test_a_page_of_another_kind_is_no_profile() -> None:
    web = {**pages(), ISSUER: {**profile(), "type": "Assertion"}}

    for data in (text(web[ASSERTION]), signed()):
        report = verify(data, web)
        assert report.outcome is Outcome.INDETERMINATE
        expected = ("undecided", "object-not-at-hand")
        assert answer(report, "issuer.identified") == expected


def test_a_badge_without_a_class_is_nobodys() -> None:
    bare = {**assertion(issuer=ISSUER)}
    del bare["badge"]

    report = verify(bare, {**pages(), ASSERTION: bare})

    assert report.outcome is Outcome.INDETERMINATE


def test_a_stored_page_with_its_own_context_does_not_count() -> None:
    odd = {**pages(), ISSUER: profile(**{"@context": [CONTEXT, {"name": "x:y"}]})}

    assert verify(signed(), trust=stored(pages())).outcome is Outcome.PASSED
    assert verify(signed(), trust=stored(odd)).outcome is Outcome.INDETERMINATE


def test_the_one_signature_is_told_by_itself() -> None:
    good, bad = verify(signed(), pages()), verify(signed(key=other_key()), pages())

    assert [proof.indication for proof in good.proofs] == [Outcome.PASSED]
    assert [proof.indication for proof in bad.proofs] == [Outcome.FAILED]
    assert verify(assertion(), pages()).proofs == ()


def test_whom_the_reader_expects_is_not_asked_of_endorsements() -> None:
    url = f"{HOME}/pohvala.json"
    web = {**pages(endorsement=url), url: _endorsement(url)}

    report = verify(web[ASSERTION], web, holder=LEARNER)

    assert report.check("credential.holder").status is Status.PASS
    assert report.parts[0].outcome is Outcome.PASSED


@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_the_context_is_found_wherever_base64_begins_it(before: str) -> None:
    assert recognises(signed({before: 1, **assertion()}))


ODD: tuple[Any, ...] = (
    None,
    5,
    True,
    "x",
    [],
    [None],
    {},
    {"id": 5},
    [[{}]],
    {"a": []},
)


@pytest.mark.parametrize("page", [ASSERTION, BADGE, ISSUER, KEY, REVOKED])
def test_nothing_that_lies_at_an_address_stops_a_run(page: str) -> None:
    for name in (*pages()[page], "uid", "endorsement", "revoked", "publicKey"):
        for value in ODD:
            changed = {**pages(), page: {**pages()[page], name: value}}
            said = {**assertion(), name: value} if page == ASSERTION else assertion()
            way = {"verification": {"type": "signed", "creator": KEY}}
            badge = signed({**way, **said} if name == "verification" else said | way)

            for report in (verify(said, changed), verify(badge, changed)):
                reasons = {check.reason for check in report.checks}
                assert "internal-error" not in reasons, (page, name, value)
                assert report.to_text(language="sl")


@pytest.mark.parametrize("page", [b"", b"[]", b"{}", b"nul", b"\xff", b"{" * 500])
def test_no_bytes_at_an_address_stop_a_run(page: bytes) -> None:
    for url in (ASSERTION, BADGE, ISSUER, KEY, REVOKED):
        web = {**pages(), url: page}
        for data in (text(assertion()), signed()):
            reasons = {check.reason for check in verify(data, web).checks}
            assert "internal-error" not in reasons


def test_a_host_that_others_may_share_is_told() -> None:
    below = {"verification": {"type": "hosted", "startsWith": f"{HOME}/"}}
    narrow = {**pages(), ISSUER: profile(**below)}

    wide, told = verify(assertion(), pages()), verify(assertion(), narrow)

    assert answer(wide, "issuer.identified") == ("warn", "hosted-same-host")
    assert answer(told, "issuer.identified") == ("pass", "same-identifier-and-name")
    assert wide.outcome is told.outcome is Outcome.PASSED


def test_the_second_address_of_the_context_is_the_same_context() -> None:
    second = {"@context": "https://openbadgespec.org/v2/context.json"}
    web = pages(**second)

    report = verify(web[ASSERTION], web)
    inside = signed(
        assertion(verification={"type": "signed", "creator": KEY}, **second)
    )

    assert report.outcome is verify(inside, pages()).outcome is Outcome.PASSED


def test_a_recipient_who_is_not_hashed_is_told() -> None:
    plain = {"type": "email", "hashed": False, "identity": "živa.čuk@example.org"}
    web = pages(recipient=plain)

    told = verify(web[ASSERTION], web).to_text(language="en")
    hashed = verify(assertion(), pages()).to_text(language="en")

    assert "živa.čuk@example.org (according to the file)" in told
    assert "Whose credential is it?  unknown" in hashed
