"""The public names: a change of the API is always a visible diff here."""

from __future__ import annotations

import subprocess
import sys

import edc_issuer

PUBLIC = (
    *("BUNDLED", "CLOSED", "Check", "ConfigError", "CredentialRecord", "DidIdentity"),
    *("Documents", "EdcError", "FetchError", "Fetcher", "InputError", "Issued"),
    *("Issuer", "Level", "Malformed", "MappingReport", "Outcome", "PROFILES"),
    *("Pending", "Problem", "ProgrammeDocument", "ProofInvalid", "RecordError"),
    *("Report", "SigningError", "Signer", "Status", "Trust", "Unsupported"),
    *("Verifier", "X509Identity", "open_signer"),
    *("IssuedFile", "IssuerSpec", "Rejected", "SecretRef", "issue_all"),
    *("Entry", "from_cursor", "read_entries", "completeness", "findings"),
    *("to_record", "Twins", "issue_twins"),
    *("Extender", "Http", "NoTimestamp", "RevocationMissing", "Timestamper"),
    *("update_lists",),
    *("Carried", "bake", "unbake"),
    *("Derived", "derive", "revealable", "present", "with_further_proof"),
    *("Published", "StatusBook", "publish"),
    *("assess", "Part", "combine", "record_decision", "classify"),
)


def test_these_are_the_public_names() -> None:
    assert sorted(edc_issuer.__all__) == sorted(PUBLIC)


def test_each_of_them_can_be_had_and_is_documented() -> None:
    for name in PUBLIC:
        value = getattr(edc_issuer, name)
        assert name.isupper() or value.__doc__, name


def test_importing_the_library_loads_none_of_the_slow_packages() -> None:
    code = "import sys, edc_issuer; print('\\n'.join(sys.modules))"

    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    loaded = set(run.stdout.split())
    assert not loaded & {"pyld", "pydantic", "typer", "rich", "jwcrypto", "typst"}
    assert not loaded & {"cryptography", "lxml", "httpcore", "ssl"}
