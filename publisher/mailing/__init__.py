"""The readers of newsletters: who asked for letters, who got which, and how they leave. Importing addresses from a list
is not offered: everybody here has said so themselves, twice."""
