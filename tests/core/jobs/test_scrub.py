from pathlib import Path

import pytest

from counterpoise.core.jobs.scrub import Scrubber


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("can't read /data/clinic x/a/b.png", "can't read …/a/b.png"),
        ('File "/usr/lib/two words/x.py", line 3', 'File "…/x.py", line 3'),
        ("at /opt/app/lib.cc:12", "at …/lib.cc:12"),
        ("at C:\\Users\\someone\\x.png", "at …/x.png"),
        (f"in {Path.home()}", "in …"),
        ("train/normal/a.png", "train/normal/a.png"),
        ("and/or, 3 images/s, 1/2", "and/or, 3 images/s, 1/2"),
    ],
)
def test_absolute_paths_go_and_relative_ones_stay(given, expected):
    assert Scrubber(["/data/clinic x"]).text(given) == expected


def test_it_goes_through_values():
    scrubbed = Scrubber().value({"a": ["/opt/app/x.py", 3, None], "b": {"c": "/opt/app/y.py"}})
    assert scrubbed == {"a": ["…/x.py", 3, None], "b": {"c": "…/y.py"}}
