"""Issuing: what is refused before anything is made, and what always comes out."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from edc_issuer.errors import ConfigError, RecordError, SigningError
from edc_issuer.formats.levels import Level
from edc_issuer.issue import PROFILES, SEAL_ALONE, Issuer
from edc_issuer.keys import X509Identity, open_signer
from edc_issuer.keys.identity import Identity
from edc_issuer.keys.testpki import TestOrganisation, new_seal, p256_key, seal_plan
from edc_issuer.messages import Messages
from edc_issuer.record import CredentialRecord
from world import PASSWORD, PROFILE_IDS, RECORDS, issued, record, record_dict, world

OTHER = TestOrganisation("Druga šola", "NTRSI-7654321", "SI")


class Device:
    """A key holder that answers as the test says."""

    algorithm = "ES256"

    def __init__(self, identity: Identity, answers: Sequence[bytes]) -> None:
        self.identity = identity
        self.answers = list(answers)

    def sign(self, messages: Sequence[bytes]) -> list[bytes]:
        return self.answers

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def seal_of(organisation: TestOrganisation, at: datetime | None = None) -> X509Identity:
    """A seal certificate of the shared world's CA for another organisation."""
    ca = world().pki.seal_ca
    moment = at or datetime.now(UTC)
    plan = seal_plan(organisation, moment)
    key = p256_key()
    seal = new_seal(ca, organisation, at=moment, key=key, serial=4711, plan=plan)
    return X509Identity(seal.certificate, (ca.certificate,))


def changed(**members: Any) -> CredentialRecord:
    return CredentialRecord.from_dict({**record_dict(), **members})


def test_a_seal_of_another_organisation_is_refused() -> None:
    issuer = Issuer(
        profile=PROFILES["edc-jades"], level=Level.B, signer=Device(seal_of(OTHER), [])
    )

    with pytest.raises(ConfigError, match="names Druga šola"):
        issuer.issue(record())


def test_an_expired_seal_certificate_is_refused() -> None:
    own = world().pki.seals[0].certificate
    issuer = Issuer(
        profile=PROFILES["edc-jades"],
        level=Level.B,
        signer=Device(X509Identity(own), []),
    )
    later = own.not_valid_after_utc + timedelta(days=1)

    with pytest.raises(ConfigError, match="expired"):
        issuer.issue(record(), at=later)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"\0" * 64, id="zeros"),
        pytest.param(b"\1" * 64, id="another-signature"),
        pytest.param(encode_dss_signature(1, 2), id="der-encoded"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_device_that_signs_wrong_gets_nothing_written(answer: bytes) -> None:
    identity = X509Identity(world().pki.seals[0].certificate)
    issuer = Issuer(
        profile=PROFILES["edc-jades"], level=Level.B, signer=Device(identity, [answer])
    )

    with pytest.raises(SigningError, match="nothing was written"):
        issuer.issue(record())


def test_a_device_that_answers_twice_is_refused() -> None:
    identity = X509Identity(world().pki.seals[0].certificate)
    device = Device(identity, [b"\0" * 64] * 2)

    with pytest.raises(SigningError, match="2 signatures"):
        Issuer(profile=PROFILES["edc-jades"], level=Level.B, signer=device).issue(
            record()
        )


@pytest.mark.parametrize("name", sorted(p.stem for p in RECORDS.glob("neg_*.json")))
@pytest.mark.parametrize("profile", PROFILE_IDS)
def test_what_was_not_passed_is_not_issued(profile: str, name: str) -> None:
    with pytest.raises(RecordError) as refused:
        world().issue(profile, record(name), files=RECORDS)

    codes = {problem.code for problem in refused.value.problems}
    assert codes & {"not-passed", "points-below-pass", "part-below-pass"}


@pytest.mark.parametrize(
    "name", sorted(p.stem for p in RECORDS.glob("*.json") if "neg_" not in p.name)
)
@pytest.mark.parametrize("profile", ["ob3-jwt", "ob3-di"])
def test_every_other_record_becomes_a_badge(profile: str, name: str) -> None:
    made = world().issue(profile, record(name), files=RECORDS)

    assert made.data
    assert made.mapping.fields


def test_a_seal_needs_a_certificate_and_a_badge_a_key_of_its_own() -> None:
    with (
        open_signer(world().key("ob3-di")) as badge,
        pytest.raises(ConfigError, match="seal certificate"),
    ):
        Issuer(profile=PROFILES["edc-jades"], level=Level.B, signer=badge)
    with (
        open_signer(world().key("edc-jades"), secret=lambda _: PASSWORD) as seal,
        pytest.raises(ConfigError, match="a key of its own"),
    ):
        Issuer(profile=PROFILES["ob3-di"], signer=seal)


def test_a_level_that_needs_timestamps_says_so() -> None:
    with pytest.raises(ConfigError, match="timestamp"):
        world().issue("edc-jades", level=Level.LT)


def test_only_a_seal_is_told_that_nobody_can_confirm_it_later() -> None:
    assert issued("edc-jades").notices == (SEAL_ALONE,)
    assert issued("ob3-jwt").notices == ()


def test_an_award_of_a_day_to_come_is_told() -> None:
    key = world().key("ob3-jwt")
    with open_signer(key, secret=lambda _: PASSWORD) as signer:
        issuer = Issuer(profile=PROFILES["ob3-jwt"], signer=signer)
        early = issuer.issue(record(), at=datetime(2025, 11, 18, tzinfo=UTC))
        nearly = issuer.issue(record(), at=datetime(2025, 11, 19, 10, tzinfo=UTC))

    (told,) = early.notices
    assert str(told) == "The day of the award, 2025-11-20, has not come yet."
    assert Messages("sl").problem(told).startswith("Dan podelitve, 20. 11. 2025,")
    assert nearly.notices == ()  # it has begun where the day begins first


@pytest.mark.parametrize("profile", ["ob3-jwt", "ob3-di"])
def test_issuing_twice_gives_the_same_credential(profile: str) -> None:
    once, again = (world().issue(profile).credential["id"] for _ in range(2))

    assert once == again


def test_a_correction_is_a_new_credential() -> None:
    corrected = dataclasses.replace(
        record(), award=dataclasses.replace(record().award, revision=2)
    )

    ids = {world().issue("ob3-di", r).credential["id"] for r in (record(), corrected)}

    assert len(ids) == 2


def test_each_language_of_a_badge_is_a_credential_of_its_own() -> None:
    badges = [world().issue("ob3-di", language=tag).credential for tag in ("sl", "en")]

    assert badges[0]["id"] != badges[1]["id"]
    assert badges[0]["name"] != badges[1]["name"]


def test_a_stated_credential_id_is_kept_by_the_edc_only() -> None:
    stated = record().credential_id

    assert issued("edc-jades").credential["id"] == stated
    assert issued("ob3-di").credential["id"] != stated


def test_an_id_secret_hides_the_record_id() -> None:
    plain = issued("ob3-di").credential["id"]
    hidden = [
        world().issue("ob3-di", id_secret=secret).credential["id"]
        for secret in (b"one", b"one", b"two")
    ]

    assert hidden[0] == hidden[1]
    assert len({plain, *hidden}) == 3


def test_a_record_may_bring_its_own_picture(tmp_path: Path) -> None:
    own = _png()
    (tmp_path / "page.png").write_bytes(own)
    source = changed(pictures={"sl": "page.png", "en": "page.png"})

    made = world().issue("edc-jades", source, files=tmp_path)

    pages = made.credential["displayParameter"]["individualDisplay"]
    details = [page["displayDetail"] for page in pages]
    images = [one[0] if isinstance(one, list) else one for one in details]
    assert {base64.b64decode(i["image"]["content"]) for i in images} == {own}


def _png() -> bytes:
    from edc_issuer.render import render_pages

    return render_pages(record(), "sl")[0].data


def test_pictures_and_attachments_are_read_only_below_the_named_folder(
    tmp_path: Path,
) -> None:
    source = changed(pictures={"sl": "../outside.png"})
    (tmp_path / "in").mkdir()
    (tmp_path / "outside.png").write_bytes(_png())

    with pytest.raises(RecordError) as refused:
        world().issue("edc-jades", source, files=tmp_path / "in")

    assert [p.code for p in refused.value.problems] == ["unsafe-path"]


def test_every_fault_of_a_record_is_told_at_once() -> None:
    source = record_dict()
    source["programme"]["delivery_mode"] = "telepathy"
    source["programme"]["assessment"]["mode"] = "telepathy"

    with pytest.raises(RecordError) as refused:
        world().issue("edc-jades", CredentialRecord.from_dict(source))

    paths = {problem.path for problem in refused.value.problems}
    assert paths == {"programme.delivery_mode", "programme.assessment.mode"}


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        pytest.param({"layout": "edci-2.x"}, "no layout 'edci-2.x'", id="layout"),
        pytest.param({"profile": "edci-1.x"}, "no option profile", id="option"),
    ],
)
def test_a_seal_is_not_made_otherwise_than_it_was_asked_for(
    options: dict[str, str], complaint: str
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        world().issue("edc-jades", options=options)
