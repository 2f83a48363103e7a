"""`Verifier`: what is proved about a file, what is not, and why.

It never raises for what a file contains and never answers with a bare bool. The
order of one run:
1. the file is recognised and opened (nothing is decided on malformed bytes);
2. for each proof the key is found, the signature and its algorithm are judged;
3. for seals the certificate, its path and its withdrawal;
4. who signed, and who vouches for that;
5. what the signed content says of itself: model, rules, dates, status;
6. the credentials inside, each on its own;
7. the outcome, by the one rule of `report.outcome_of`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from edc_issuer.documents import BUNDLED, Documents
from edc_issuer.errors import ConfigError
from edc_issuer.fetch import CLOSED, Fetcher
from edc_issuer.report import CATALOGUE, Check, Outcome, Report, Status
from edc_issuer.trust import Trust
from edc_issuer.trust.evidence import Evidence
from edc_issuer.verify.holder import Asked
from edc_issuer.verify.online import Asking
from edc_issuer.verify.run import Run
from edc_issuer.verify.statements import is_sealed, judged
from edc_issuer.verify.status_lists import Lists, is_status_list

__all__ = ["Verifier"]

AHEAD = timedelta(minutes=5)  # clocks differ by that much (verdicts, part 9)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies files under one trust. `Trust()` trusts nobody: nothing is PASSED.

    Nothing is fetched unless a `fetcher` is given. Then those who answer for the
    certificates of a seal are asked whether they were withdrawn; they learn the number
    of a certificate. The keys of a badge are fetched from the address of its issuer,
    which learns that somebody checks one. The report lists every address.
    """

    trust: Trust
    fetcher: Fetcher = CLOSED
    documents: Documents = BUNDLED

    def verify(
        self,
        data: bytes,
        *,
        at: datetime | None = None,
        evidence: Sequence[bytes] = (),
        holder: str | None = None,
        challenge: str | None = None,
        domain: str | None = None,
        existed_by: datetime | None = None,
    ) -> Report:
        """Verify one file; the clock is read here only.

        `at` asks what could be known at that time about a file that existed then;
        it must carry a zone, and lie at most five minutes ahead (`ConfigError`).
        `evidence` are revocation lists and certificates (DER or PEM) and OCSP answers
        (DER) from anywhere: each counts only by its authority's signature. A sealed
        EDC among them is a mandator's statement (`mandates`) and counts by its own
        verdict, a status list by its signer, its id and its age (`status`); anything
        else is a `ConfigError`. `existed_by` is your own word that
        the file existed then, and is told as such.

        `holder` is whom the credential should be about (an e-mail address, a DID, a
        number); it is compared with what the credential says. `challenge` and
        `domain` are what you asked the holder to sign and as whom: only with both
        does a presentation prove who hands it over.
        """
        now = datetime.now(UTC)
        if at is not None and at.tzinfo is None:
            raise ConfigError("`at` has no zone")
        if at is not None and at > now + AHEAD:
            raise ConfigError(f"{at.isoformat()} has not come yet")
        if existed_by is not None:
            _check_existed_by(existed_by, at or now)
        lists, sealed, others = _sorted(evidence)
        run = Run(
            self.trust,
            self.documents,
            at=at or now,
            now=now,
            as_of=at,
            asked=Asked(challenge, domain, holder),
            evidence=Evidence.merged(map(Evidence.read, others)),
            existed_by=existed_by,
            asking=Asking(self.fetcher),
        )
        status = Lists(run.status_list, run.asking, run.now, at, handed=lists)
        run = replace(run, lists=status)
        try:
            if sealed:
                run = replace(run, statements=judged(run, sealed))
            return run.file(data)
        except Exception as error:
            # The one place that keeps a bug from looking like a verdict.
            # Its text may quote the file, so that it is told to developers only.
            _log.error("verification stopped by %s", type(error).__name__)
            _log.debug("where it stopped", exc_info=True)
            return _bug(run, error)


def _sorted(
    evidence: Sequence[bytes],
) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """The status lists of what was handed over, what is sealed, and all else."""
    lists, sealed, others = list[bytes](), list[bytes](), list[bytes]()
    for item in evidence:
        if is_status_list(item):
            lists.append(item)
        else:
            (sealed if is_sealed(item) else others).append(item)
    return lists, sealed, others


def _check_existed_by(moment: datetime, at: datetime) -> None:
    if moment.tzinfo is None:
        raise ConfigError("`existed_by` has no zone")
    if moment > at:
        raise ConfigError("`existed_by` is later than the time asked about")


def _bug(run: Run, error: Exception) -> Report:
    checks = tuple(
        Check(question.id, Status.UNDECIDED, "internal-error", type(error).__name__)
        for question in CATALOGUE
    )
    return Report(
        format=None,
        model=None,
        checks=checks,
        outcome=Outcome.INDETERMINATE,
        test=False,
        verified_at=run.now,
    )
