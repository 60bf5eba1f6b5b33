"""What a file may take of a worker."""

from counterpoise.core.catalog.readers import is_harmless
from counterpoise.core.catalog.readers.allowance import BYTES_PER_SECOND, allowance


def test_large_files_may_take_longer(tmp_path):
    limits = allowance(str)
    (tmp_path / "large").write_bytes(bytes(3 * BYTES_PER_SECOND))
    assert limits.more_for(str(tmp_path / "large")) == 3
    assert limits.more_for(str(tmp_path / "gone")) == 0


def test_the_content_says_what_may_be_decoded_anywhere(tmp_path):
    for name, head, harmless in (
        ("a.png", b"II*\0", False),
        ("b.png", bytes(128) + b"DICM", False),
        ("c.dcm", b"\x89PNG\r\n\x1a\n", True),
        ("d.txt", b"words", True),
    ):
        (tmp_path / name).write_bytes(head)
        assert is_harmless(tmp_path / name) is harmless
    assert is_harmless(tmp_path / "gone")
