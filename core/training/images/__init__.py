"""The images of a run: decoded once, waited for where they have gone."""
