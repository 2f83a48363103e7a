"""Many records into many files, once each, whatever happens in between.

`issue_all(IssuerSpec(...), entries, journal=..., out=...)` gives one result an entry.
"""

from edc_issuer.batch.running import Done, IssuedFile, Rejected
from edc_issuer.batch.session import issue_all
from edc_issuer.batch.spec import IssuerSpec, SecretRef

__all__ = ["Done", "IssuedFile", "IssuerSpec", "Rejected", "SecretRef", "issue_all"]
