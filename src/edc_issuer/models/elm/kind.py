"""What makes a credential a European Digital Credential: its contexts and types."""

from __future__ import annotations

CONTEXTS = (
    "https://www.w3.org/2018/credentials/v1",
    "http://data.europa.eu/snb/model/context/edc-ap",
)
TYPES = ("VerifiableCredential", "EuropeanDigitalCredential")
