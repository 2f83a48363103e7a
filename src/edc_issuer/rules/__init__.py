"""What a micro-credential has to say, and what follows where several are combined.

`completeness.completeness` looks for the elements of a list in a record, a programme
or a credential, `principles.principles` for traces of the ten principles, `lint.lint`
at the wording of the outcomes; `findings.findings` asks the rules on a record or
programme, `credential.credential_findings` those on a credential. All are pure: they
read values and change nothing.
"""
