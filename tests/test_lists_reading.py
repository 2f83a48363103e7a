"""What a list says is read whole: services, their history, whom qualifiers mean."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509

from edc_issuer.errors import Malformed
from edc_issuer.trust.lists.codec import read_service, service_json
from edc_issuer.trust.lists.model import (
    CA_QC,
    FOR_SEALS,
    GRANTED,
    QTST,
    Criteria,
    TrustedList,
)
from edc_issuer.trust.lists.reading import read_list
from edc_issuer.trust.lists.xades import verify_list
from pki import AT, DAY, root
from test_lists_xades import sample, signers_of
from trusted_lists import INFO, Entry, ListPlan, ListSigner, ServicePlan

# What the lists of autumn 2023 granted (knowledge: jades.md, section 8).
E_SEALS_SI = {
    "SIGOV-CA",
    "SIGEN-CA G2",
    "SI-TRUST Root",
    "Halcom CA PO e-seal 1",
    "Halcom CA PO e-seal 2",
    "POSTArCA G2",
}
TIMES_SI = {"SI-TSA 1", "SI-TSA 2", "HALCOM CA TS 5", "EIUS TS 2"}


@cache
def real(name: str) -> TrustedList:
    territory = name.partition(".")[0]
    return read_list(verify_list(sample(name), signers_of(territory)).root)


def read(plan: ListPlan) -> TrustedList:
    signer = ListSigner.create()
    return read_list(verify_list(plan.signed(signer), [signer.certificate]).root)


@cache
def ca() -> x509.Certificate:
    return root().certificate


@pytest.mark.parametrize(
    ("name", "services", "kinds"),
    [
        pytest.param("ES.xml", 302, {CA_QC: 98, QTST: 67}, id="es"),
        pytest.param("SI.xml", 83, {CA_QC: 20, QTST: 8}, id="si"),
        pytest.param("HR.xml", 32, {CA_QC: 7, QTST: 14}, id="hr"),
    ],
)
def test_every_service_of_a_real_list_is_read(
    name: str, services: int, kinds: dict[str, int]
) -> None:
    found = real(name)

    states = [one.states[0] for one in found.services]
    granted = Counter(state.type for state in states if state.status == GRANTED)
    assert (len(found.services), found.unread) == (services, 0)
    assert {kind: granted[kind] for kind in kinds} == kinds
    assert all(state.is_understood for one in found.services for state in one.states)


def test_the_slovenian_authorities_are_read_by_name() -> None:
    found = real("SI.xml")
    names: dict[str, set[str]] = {CA_QC: set(), QTST: set()}
    for one in found.services:
        state = one.states[0]
        is_for_seals = FOR_SEALS in state.additional
        if state.status == GRANTED and (state.type == QTST or is_for_seals):
            names.setdefault(state.type, set()).add(one.names["en"])

    assert names[CA_QC] >= E_SEALS_SI
    assert names[QTST] >= TIMES_SI


def test_a_list_says_which_it_is() -> None:
    found = real("SI.xml")

    assert (found.version, found.sequence, found.territory) == (5, 69, "SI")
    assert found.issued == datetime(2023, 6, 28, 13, 53, 6, tzinfo=UTC)
    assert found.next_update == datetime(2023, 12, 28, 14, 53, 6, tzinfo=UTC)


@pytest.mark.parametrize("version", ["5", "6"])
def test_versions_5_and_6_are_read(version: str) -> None:
    plan = ListPlan(version=version, services=(ServicePlan((ca(),)),))

    assert [one.names["sl"] for one in read(plan).services] == [
        "Kvalificirani pečati Čemšenik"
    ]


@pytest.mark.parametrize("version", ["4", "7", "x", "", "٥"])
def test_other_versions_are_refused(version: str) -> None:
    with pytest.raises(Malformed):
        read(ListPlan(version=version))


def test_states_follow_one_another() -> None:
    past = (  # not in their order
        Entry(status="granted", since=AT - 700 * DAY),
        Entry(status="withdrawn", since=AT - 500 * DAY),
    )
    service = ServicePlan((ca(),), Entry(since=AT - 100 * DAY), past)
    found = read(ListPlan(services=(service,))).services[0]

    assert [(s.status, s.since, s.until) for s in found.states] == [
        ("granted", AT - 100 * DAY, None),
        ("withdrawn", AT - 500 * DAY, AT - 100 * DAY),
        ("granted", AT - 700 * DAY, AT - 500 * DAY),
    ]
    assert found.state_at(AT - 701 * DAY) is None
    for days, status in ((700, "granted"), (500, "withdrawn"), (100, "granted")):
        state = found.state_at(AT - days * DAY)
        assert state is not None
        assert state.status == status
    last = found.state_at(AT - 100 * DAY - timedelta(seconds=1))
    assert last is not None
    assert last.status == "withdrawn"


def extension(content: str, *, critical: bool = True) -> str:
    flag = "true" if critical else "false"
    return f'<Extension Critical="{flag}">{content}</Extension>'


def qualifications(qualifier: str, criteria: str) -> str:
    return extension(
        f"""<q:Qualifications><q:QualificationElement><q:Qualifiers>
        <q:Qualifier uri="{INFO}/{qualifier}"/></q:Qualifiers>{criteria}
        </q:QualificationElement></q:Qualifications>"""
    )


def test_criteria_are_read_with_what_is_nested_in_them() -> None:
    criteria = """<q:CriteriaList assert="all">
        <q:KeyUsage><q:KeyUsageBit name="nonRepudiation">true</q:KeyUsageBit>
        <q:KeyUsageBit name="crlSign">false</q:KeyUsageBit></q:KeyUsage>
        <q:PolicySet><q:PolicyIdentifier><x:Identifier Qualifier="OIDAsURN">
        urn:oid:1.2.3 </x:Identifier></q:PolicyIdentifier></q:PolicySet>
        <q:CriteriaList assert="none"><q:otherCriteriaList>
        <m:ExtendedKeyUsage><m:KeyPurposeId><x:Identifier>1.3.6.1.5.5.7.3.2
        </x:Identifier></m:KeyPurposeId></m:ExtendedKeyUsage>
        <m:CertSubjectDNAttribute><m:AttributeOID><x:Identifier>2.5.4.97
        </x:Identifier></m:AttributeOID></m:CertSubjectDNAttribute>
        <m:Somethingelse/></q:otherCriteriaList></q:CriteriaList>
        <q:Description>zgolj opis</q:Description></q:CriteriaList>"""
    entry = Entry(extensions=qualifications("QCForESeal", criteria))
    found = read(ListPlan(services=(ServicePlan((ca(),), entry),))).services[0]

    (one,) = found.states[0].qualifiers
    assert one.names == ("QCForESeal",)
    assert one.criteria == Criteria(
        "all",
        key_usage=({"nonRepudiation": True, "cRLSign": False},),
        policies=(("1.2.3",),),
        nested=(
            Criteria(
                "none",
                purposes=(("1.3.6.1.5.5.7.3.2",),),
                attributes=(("2.5.4.97",),),
                unknown=1,
            ),
        ),
    )
    assert read_service(service_json(found)) == found


@pytest.mark.parametrize(("levels", "read_whole"), [(11, True), (12, False)])
def test_criteria_are_nested_to_a_limit(levels: int, read_whole: bool) -> None:
    opened = '<q:CriteriaList assert="all">' * levels
    nested = opened + "</q:CriteriaList>" * levels
    entry = Entry(extensions=qualifications("NotQualified", nested))
    found = read(ListPlan(services=(ServicePlan((ca(),), entry), ServicePlan((ca(),)))))

    assert (len(found.services), found.unread) == ((2, 0) if read_whole else (1, 1))


@pytest.mark.parametrize(
    ("content", "critical", "understood"),
    [
        pytest.param("<m:TakenOverBy/>", True, True, id="taken-over-by"),
        pytest.param("<m:Novelty/>", False, True, id="unknown"),
        pytest.param("<m:Novelty/>", True, False, id="unknown-and-critical"),
    ],
)
def test_nothing_follows_from_what_is_critical_and_unknown(
    content: str, critical: bool, understood: bool
) -> None:
    entry = Entry(extensions=extension(content, critical=critical))
    found = read(ListPlan(services=(ServicePlan((ca(),), entry),)))

    assert found.services[0].states[0].is_understood is understood


def test_one_odd_service_does_not_cost_the_others() -> None:
    good = ServicePlan((ca(),))
    odd = replace(good, now=Entry(since=datetime(1, 1, 1)))
    plan = ListPlan(services=(odd, good))
    broken = plan.xml()
    for element in broken.iter("{*}StatusStartingTime"):
        element.text = "nekoč"
        break
    found = read_list(broken)

    assert (len(found.services), found.unread) == (1, 1)


@pytest.mark.parametrize(
    "tag", ["TSLSequenceNumber", "SchemeTerritory", "ListIssueDateTime", "TSLType"]
)
def test_a_list_that_does_not_say_which_it_is_is_refused(tag: str) -> None:
    root_element = ListPlan().xml()
    element = next(root_element.iter(f"{{*}}{tag}"))
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)

    with pytest.raises(Malformed):
        read_list(root_element)


@pytest.mark.parametrize("text", ["../x", "SVN", "S", "", "SІ", "E1"])
def test_a_territory_is_two_letters(text: str) -> None:
    """It becomes part of a file name; the fourth one ends in a Cyrillic letter."""
    good, bad = ListPlan(territory="si").xml(), ListPlan(territory=text).xml()

    assert read_list(good).territory == "SI"
    with pytest.raises(Malformed):
        read_list(bad)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01",
        "2026-01-01T00:00:00",
        "jutri",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
    ],
)
def test_a_time_that_cannot_be_meant_is_refused(text: str) -> None:
    root_element = ListPlan().xml()
    next(root_element.iter("{*}ListIssueDateTime")).text = text

    with pytest.raises(Malformed):
        read_list(root_element)


def test_every_real_service_survives_being_kept() -> None:
    for name in ("ES.xml", "HR.xml", "SI.xml"):
        for service in real(name).services:
            assert read_service(service_json(service)) == service
