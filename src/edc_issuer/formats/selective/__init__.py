"""ecdsa-sd-2023: a badge of which the learner shows as much as is needed.

The issuer signs every statement of the badge by itself (`base`), the learner
chooses some and derives a copy that proves just these (`disclosure`). Nothing here
reads files or keys, asks for the time or judges trust. Data Integrity ECDSA
Cryptosuites 1.0 sections 3.4 to 3.6.
"""
