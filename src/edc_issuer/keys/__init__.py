"""Who holds the key: a `Signer`, wherever the key really is."""
