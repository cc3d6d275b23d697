# SPDX-License-Identifier: Apache-2.0
"""What the demo says and how it waits."""
import sys
import time


class Failure(Exception):
    """Something did not become true; the message says what, and what was seen."""


def say(text):
    print(f"demo: {text}", file=sys.stderr, flush=True)


def wait_for(what, condition, seconds=60.0, every=0.1):
    """Polls until `condition()` gives (True, value); gives the value and the seconds it took.

    `condition` gives (done, detail); `detail` of the last try is in the failure's message.
    """
    started = time.monotonic()
    detail = None
    while time.monotonic() - started < seconds:
        done, detail = condition()
        if done:
            return detail, time.monotonic() - started
        time.sleep(every)
    raise Failure(f"{what}: not within {seconds:.0f} s; last seen: {detail}")
