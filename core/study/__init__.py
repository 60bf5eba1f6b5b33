"""The folders a user keeps: a study with its sources, edits and secret, and its runs."""
