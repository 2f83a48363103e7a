"""`python -m edc_issuer` is the command line."""

from edc_issuer.cli import main

if __name__ == "__main__":
    main()
