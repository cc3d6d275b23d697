# SPDX-License-Identifier: Apache-2.0
"""Who does what an operator does in the scenario: ifritctl, or a hand at the desktop's buttons."""
import json
import os
import subprocess

from demo_cluster.machines import AGENT
from demo_cluster.terminal import Failure


class CtlHand:
    def __init__(self, cluster):
        self.cluster = cluster

    def release(self, version, gray, action, agent=AGENT):
        """Creates and starts; gives the release's number."""
        arguments = ["release", "create", "--agent", agent, "--types", "LINUX,CONTAINER",
                     "--deadline", "2m", "--reason", f"demo: {version or action}"]
        arguments += ["--version", version] if version else ["--action", action]
        for machine in gray:
            arguments += ["--gray-uuid", machine.uuid]
        number = str(self.cluster.ctl_json(*arguments)["number"])
        self.cluster.ctl("release", "start", number, "--confirm-count",
                         len(self.cluster.machines), "--reason", "demo")
        return number

    def verify(self, number):
        self.cluster.act("verify", number, "demo: gray is good")

    def rollback(self, number):
        self.cluster.act("rollback", number, "demo: it does not start")


class DesktopHand:
    """Mouse and keys on the real window, through the program tests/e2e/desktop_hand.cpp."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.program = cluster.programs.parent / "tests" / "desktop_hand"
        if not self.program.exists():
            raise Failure(f"{self.program} is not built: build the target desktop_hand")

    def run(self, *arguments, machines=None):
        environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", LANG="C.UTF-8")
        done = subprocess.run(
            [self.program, "--bundle", self.cluster.admin_bundle, "--machines",
             str(len(self.cluster.machines) if machines is None else machines), *arguments], cwd=self.cluster.directory,
            capture_output=True, text=True, check=False, env=environment, timeout=180)
        if done.returncode != 0:
            raise Failure(f"desktop_hand {' '.join(arguments)} ended with {done.returncode}: "
                          f"{done.stderr.strip()}")
        return json.loads(done.stdout.splitlines()[-1])

    def release(self, version, gray, action):
        arguments = ["--agent", AGENT, "--reason", f"demo: {version or action}"]
        arguments += ["--version", version] if version else []
        for machine in gray:
            arguments += ["--gray-uuid", machine.uuid]
        return str(self.run(*arguments)["number"])

    def verify(self, number):
        self.run("--verb", "Verify…", "--number", number, "--reason", "demo: gray is good",
                 machines=self.cluster.reached("verify", number))

    def rollback(self, number):
        self.run("--verb", "Roll back…", "--number", number, "--reason",
                 "demo: it does not start", machines=self.cluster.reached("rollback", number))


HANDS = {"ctl": CtlHand, "desktop": DesktopHand}
