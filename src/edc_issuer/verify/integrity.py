"""`proof.integrity`: does the signature fit content and key?"""

from __future__ import annotations

from edc_issuer.errors import InputError, ProofInvalid, Unsupported
from edc_issuer.formats.base import Envelope, Format, Proof
from edc_issuer.formats.suites import may_withhold
from edc_issuer.report import Status
from edc_issuer.verify.answers import Answers
from edc_issuer.verify.signing_key import SigningKey


def judge_integrity(
    answers: Answers,
    securing: Format,
    envelope: Envelope,
    proof: Proof,
    key: SigningKey | None,
) -> None:
    """Answer `proof.integrity`; left unasked without a key or a sound algorithm."""
    if key is None or answers.status("proof.algorithm") is Status.FAIL:
        return
    try:
        securing.verify(envelope, proof, key.public_key)
    except ProofInvalid as error:
        answers.fails("proof.integrity", error.reason, detail=str(error))
    except Unsupported as error:
        answers.leaves_open("proof.integrity", error.reason, detail=str(error))
    except InputError as error:
        answers.fails("proof.integrity", error.reason, detail=str(error))
    else:
        part = "disclosed-part" if may_withhold(proof.algorithm) else ""
        answers.passes("proof.integrity", part)


def fits(
    securing: Format, envelope: Envelope, proof: Proof, key: SigningKey | None
) -> bool:
    """Whether the signature holds at all; nobody is asked about a broken one."""
    try:
        if key is not None:
            securing.verify(envelope, proof, key.public_key)
    except InputError:
        return False
    return key is not None
