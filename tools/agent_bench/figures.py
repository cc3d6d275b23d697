# SPDX-License-Identifier: Apache-2.0
"""What the kernel says of a process, and figures held against goals."""
import json
import pathlib
import re
import subprocess
import time

from demo_cluster.terminal import Failure


class Figures:
    """Prints each figure as one JSON line, at once, and remembers whether all goals were met."""

    def __init__(self):
        self.all_met = True

    def at_most(self, bench, value, goal, unit, **more):
        self._print(bench, value, "at_most", goal, value <= goal, unit, more)

    def at_least(self, bench, value, goal, unit, **more):
        self._print(bench, value, "at_least", goal, value >= goal, unit, more)

    def run_bench(self, program, *arguments):
        """A program that prints such lines itself and ends with 1 where its goal is missed."""
        done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE, text=True,
                              timeout=300, check=False)
        if done.returncode not in (0, 1):
            raise Failure(f"{program} ended with {done.returncode}")
        print(done.stdout, end="", flush=True)
        self.all_met = self.all_met and done.returncode == 0

    def _print(self, bench, value, kind, goal, met, unit, more):
        self.all_met = self.all_met and met
        print(json.dumps({"bench": bench, "value": round(value, 4), "unit": unit, kind: goal,
                          **more, "ok": met}), flush=True)


def memory(pid):
    """(resident, anonymous) bytes of a process, as its page tables have them now."""
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError as error:
        raise Failure(f"process {pid} cannot be read: {error}") from error
    found = {key: int(value) * 1024 for key, value in re.findall(r"^(\w+): +(\d+) kB", text, re.M)}
    return found["Rss"], found["Anonymous"]


def cpu_seconds(pid):
    """CPU time of a process with all threads it ever had, to the nanosecond."""
    # The kernel's number for the clock of another process: clock_getcpuclockid(3).
    return time.clock_gettime((~pid << 3) | 2)


def cpu_percent(pid, seconds):
    """Share of one core that the process takes over the next `seconds`."""
    began, before = time.monotonic(), cpu_seconds(pid)
    time.sleep(seconds)
    return 100 * (cpu_seconds(pid) - before) / (time.monotonic() - began)
