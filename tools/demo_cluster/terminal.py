# SPDX-License-Identifier: Apache-2.0
"""What the demo says and how it waits."""
import sys
import time


class Failure(Exception):
    """Something did not become true; the message says what, and what was seen."""


def say(text):
    print(f"demo: {text}", file=sys.stderr, flush=True)


def pause_after(waited):
    """Seconds until it is worth asking again about what has not come in `waited` seconds: a question
    is mostly a program that is started and a call to the master, on the processors that the cluster
    runs on, so a wait may become a fifth longer."""
    return min(max(0.15, waited / 5), 0.75)


def wait_for(what, condition, seconds=60.0, every=None):
    """Polls until `condition()` gives (True, value); gives the value and the seconds it took.

    `condition` gives (done, detail); `detail` of the last try is in the failure's message. `every`:
    seconds between two tries, for what is there for a moment only.
    """
    started = time.monotonic()
    detail = None
    while time.monotonic() - started < seconds:
        done, detail = condition()
        if done:
            return detail, time.monotonic() - started
        time.sleep(every or pause_after(time.monotonic() - started))
    raise Failure(f"{what}: not within {seconds:.0f} s; last seen: {detail}")
