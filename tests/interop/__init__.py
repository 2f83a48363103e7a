"""Our credentials before other people's verifiers, and theirs before ours."""
