"""Canonical forms of JSON and JSON-LD: what is hashed when a credential is signed."""
