#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ifrit as the first processes of a container: the real entry point in process and mount namespaces
of its own, on a real master."""
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(sys.argv[1])
PROGRAMS = pathlib.Path(sys.argv[2])
sys.path.insert(0, str(SOURCE / "tools"))

from demo_cluster import machines  # noqa: E402
from demo_cluster.cluster import Cluster  # noqa: E402
from demo_cluster.terminal import Failure, wait_for  # noqa: E402

UUID = "box-1"
AGENT = "sleeper"
# Tells of its end to who looks after it, and takes its time over it.
SCRIPT = """#!/bin/sh
trap 'echo ended by SIGTERM; exit 0' TERM
echo ready
while :; do sleep 1; done
"""
ENTRY = SOURCE / "installer/container/ifrit-entry"
# Who is not root makes them as the root of a user namespace.
USER = os.geteuid() != 0
NAMESPACES = ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child",
              *(["--map-root-user"] if USER else [])]
ENTER = ["-U", "--preserve-credentials"] if USER else []


class Box:
    def __init__(self, cluster, **changes):
        self.root = cluster.directory / "box"
        token = cluster.directory / "box-token"
        token.write_text(cluster.run("ifrit-master", "join-token", "--dir",
                                     cluster.master_directory).stdout)
        settings = {"IFRIT_PROGRAMS": PROGRAMS, "IFRIT_MASTERS": cluster.address,
                    "IFRIT_CA_FILE": cluster.master_directory / "ca.pem",
                    "IFRIT_TOKEN_FILE": token, "IFRIT_KEYS": cluster.keys, "IFRIT_UUID": UUID,
                    "IFRIT_PIN": "shop", "IFRIT_ROOT": self.root,
                    "IFRIT_CONFIG": cluster.directory / "none.toml", **changes}
        environment = {**os.environ, **{k: str(v) for k, v in settings.items() if v is not None}}
        self.log = cluster.directory / "box.log"
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen([*NAMESPACES, "sh", ENTRY], env=environment,
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def first(self):
        """The namespace's process 1, by the number that we know it by; 0: there is none yet."""
        return next(iter(children(self.process.pid)), 0)

    def inside(self, *command):
        return subprocess.run(["nsenter", "-t", str(self.first()), "-p", "-m", *ENTER, *command],
                              capture_output=True, text=True, check=True).stdout


def children(pid):
    try:
        return [int(n) for n in
                pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def name(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def agent_of(box):
    return next((pid for pid in children(box.first()) if name(pid) == "ifrit-agent"), 0)


def refuses(cluster, words, **changes):
    box = Box(cluster, **changes)
    try:
        code = box.process.wait(timeout=30)
    except subprocess.TimeoutExpired as still:
        box.process.kill()
        raise Failure(f"it starts with {changes}") from still
    said = box.log.read_text()
    if code != 78 or words not in said:
        raise Failure(f"expected exit 78 and '{words}', got {code}: {said}")
    box.log.unlink()


def install_agent(cluster, box):
    """One managed agent; gives its log."""
    source = cluster.directory / "packages" / AGENT
    program = source / "files/bin/app"
    program.parent.mkdir(parents=True)
    program.write_text(SCRIPT)
    program.chmod(0o755)
    (source / "package.toml").write_text(
        f'format = 1\nname = "{AGENT}"\nversion = "1"\n'
        'machine_types = ["LINUX", "CONTAINER", "ARM64"]\nprobation = "1s"\n'
        '[start]\ncommand = ["/bin/sh", "${root}/bin/app"]\n')
    package = source.with_suffix(".ifrit")
    cluster.run("ifritctl", "package", "build", source, "--key", cluster.publisher_key, "--out",
                package)
    cluster.ctl("package", "publish", package, "--reason", "container")
    number = str(cluster.ctl_json("release", "create", "--agent", AGENT, "--types",
                                  "LINUX,CONTAINER,ARM64", "--version", "1", "--deadline", "2m",
                                  "--reason", "container")["number"])
    cluster.ctl("release", "start", number, "--confirm-count", 1, "--reason", "container")
    log = box.root / "log" / f"{AGENT}.log"

    def runs():
        state = cluster.ctl_json("release", "show", number)["state"]
        return state == "done" and log.exists() and "ready" in log.read_text(), state
    wait_for("the container's agent runs", runs, 90)
    return log


def check(cluster):
    refuses(cluster, "set IFRIT_MASTERS", IFRIT_MASTERS=None)
    refuses(cluster, "must not hold quotes", IFRIT_PIN='a" b')
    refuses(cluster, "must not hold quotes", IFRIT_MASTERS='a:1,"b:2')

    box = Box(cluster)
    try:
        def enrolled():
            known = {m["uuid"]: m for m in cluster.ctl_json("machine", "list")}
            return UUID in known and agent_of(box), box.log.read_text()[-500:]
        wait_for("the container's machine enrols", enrolled)
        shown = cluster.ctl_json("machine", "show", UUID)
        if shown.get("pin") != "shop":
            raise Failure(f"the pin is not as set: {shown}")
        if name(box.first()) != "ifrit-guard":
            raise Failure(f"process 1 is {name(box.first())}")

        # An orphan becomes process 1's child, and must not stay a zombie.
        box.inside("sh", "-c", "(exec true) & (sh -c 'exec true' &) ; exit 0")
        def reaped():
            left = [pid for pid in children(box.first()) if name(pid) != "ifrit-agent"]
            return not left, left
        wait_for("orphans are reaped", reaped)

        before = agent_of(box)
        os.kill(before, 9)
        wait_for("ifrit-agent is back", lambda: (agent_of(box) not in (0, before), None))

        # Its agents end with it, by their own stop, though the namespace would end them anyway.
        log = install_agent(cluster, box)
        os.kill(box.first(), 15)
        code = box.process.wait(timeout=60)
        if code != 0:
            raise Failure(f"the container ended with {code}: {box.log.read_text()[-1000:]}")
        if "ended by SIGTERM" not in log.read_text():
            raise Failure(f"the agent was not asked to end: {log.read_text()}")
        left = machines.processes_under(box.root)
        if left:
            raise Failure(f"outlived their container: {left}")
    finally:
        if box.process.poll() is None:
            box.process.kill()
            box.process.wait()


def main():
    cluster = Cluster(SOURCE, PROGRAMS, None)
    try:
        cluster.make_master()
        cluster.add_publisher()
        cluster.serve_master()
        check(cluster)
    except Failure as failure:
        print(f"FAIL {failure}", file=sys.stderr)
        return 1
    finally:
        cluster.stop(keep=False)
    print("ok: ifrit in a container")
    return 0


if __name__ == "__main__":
    sys.exit(main())
