import os
import signal

import pytest

from counterpoise.core.jobs.process import hearing

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")


@pytest.fixture(params=[signal.SIG_IGN, signal.SIG_DFL])
def hangup(request):
    before = signal.signal(signal.SIGHUP, request.param)
    yield request.param
    signal.signal(signal.SIGHUP, before)


def test_a_signal_is_heard_unless_whoever_started_us_ignores_it(hangup):
    heard = []
    with hearing(("SIGHUP",), lambda: heard.append(1)):
        os.kill(os.getpid(), signal.SIGHUP)
    assert heard == ([] if hangup == signal.SIG_IGN else [1])
    assert signal.getsignal(signal.SIGHUP) == hangup
