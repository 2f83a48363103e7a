"""One page for the school that is asked to recognise a credential.

`recognition(content, "sl")` takes what a credential of either model says out of its
plain JSON, in the order in which a receiving school asks; `to_text` and `to_html`
put it on a page with the verdict at its head and room for the school's own decision
at its foot. Nothing here decides: principle 5 of the Recommendation (2022/C 243/02,
Annex II) leaves that to the receiving organisation, and principle 6 says that
standard procedures apply where a formal education provider issued.
"""

from edc_issuer.recognition.facts import Quality, Recognition
from edc_issuer.recognition.html import to_html
from edc_issuer.recognition.needs import Answer, Need, answers
from edc_issuer.recognition.page import Verdict, to_dict, to_text
from edc_issuer.recognition.reading import recognition, recognition_of_record

__all__ = [
    "Answer",
    "Need",
    "Quality",
    "Recognition",
    "Verdict",
    "answers",
    "recognition",
    "recognition_of_record",
    "to_dict",
    "to_html",
    "to_text",
]
