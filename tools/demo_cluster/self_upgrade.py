# SPDX-License-Identifier: Apache-2.0
"""ifrit-agent upgrades itself on every machine through a release, and versions of it that are no
good are put back. Looks at processes, not only at reports: node_exporter must never be touched."""
import json
import os
import subprocess
import sys

from demo_cluster import machines, scenario
from demo_cluster.hands import CtlHand
from demo_cluster.terminal import Failure, say, wait_for

AGENT = "ifrit-agent"
GOOD = "0.2.0"
# Version, what is wrong with it, and the reason that its machines give.
BAD = (("0.2.1", "crash", "EXITED_AT_START"), ("0.2.2", "hang", "HUNG"),
       ("0.2.3", "no-master", "MASTER_NOT_REACHED"))
VERSIONS = ("v1",)  # of node_exporter, that play() wants published
PROBATION = "10s"
SECONDS = 120


def publish(cluster, version, behaviour):
    """A package of ifrit-agent as tests/agent/support/variant_agent.cpp makes it: the product's own
    sources with another version, and with a fault where `behaviour` names one."""
    source = cluster.directory / "packages" / f"ifrit-agent-{version}"
    files = []
    for name, text in (("version", version), ("behaviour", behaviour)):
        written = source.parent / f"{version}-{name}"
        written.write_text(text + "\n")
        files += ["--file", f"bin/{name}={written}"]
    program = cluster.programs.parent / "tests" / "variant_agent"
    done = subprocess.run(
        [sys.executable, cluster.source / "tools" / "package-ifrit-agent", "--programs", cluster.programs,
         "--agent", program, "--out", source, "--probation", PROBATION, "--version", version,
         *files], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failure(done.stderr.strip())
    package = source.with_suffix(".ifrit")
    cluster.run("ifritctl", "package", "build", source, "--key", cluster.publisher_key, "--out",
                package)
    cluster.ctl("package", "publish", package, "--reason", f"demo: {behaviour or 'good'}")


def running(machine):
    """(pid, version) of the machine's ifrit-agent, from guard's notes and /proc; None: none."""
    try:
        notes = dict(line.split("=", 1) for line in
                     (machine.root / "ifrit" / "guard-state").read_text().splitlines())
        pid = int(notes["pid"])
        os.readlink(f"/proc/{pid}/exe")
    except (OSError, KeyError, ValueError):
        return None
    return pid, machines.version_of_process(machine, AGENT, pid) or "installed"


def on(cluster, version, which):
    def check():
        wrong = {m.uuid: running(m) for m in which}
        wrong = {uuid: now for uuid, now in wrong.items() if now is None or now[1] != version}
        return not wrong, wrong
    return wait_for(f"ifrit-agent {version} on {len(which)} machine(s)", check, SECONDS)[1]


def reported(cluster, version):
    wrong = [m["uuid"] for m in cluster.ctl_json("machine", "list")]

    def check():
        # Nothing goes back meanwhile: who has reported it need not be asked again.
        wrong[:] = [uuid for uuid in wrong
                    if cluster.ctl_json("machine", "show", uuid)["ifrit_version"] != version]
        return not wrong, wrong
    wait_for(f"all machines report {version}", check, SECONDS)


def upgrade(cluster, hand, gray):
    exporters = scenario.snapshot(cluster)
    others = [m for m in cluster.machines if m not in gray]
    before = {m.uuid: running(m) for m in others}
    number = hand.release(GOOD, gray, "install", agent=AGENT)
    on(cluster, GOOD, gray)

    def ready():
        now = scenario.shown(cluster, number)
        return "verify" in now["allowed_verbs"], now.get("waits_for")
    wait_for("verify is allowed", ready, SECONDS)
    if before != {m.uuid: running(m) for m in others}:
        raise Failure("ifrit-agent changed on a machine that is not gray")
    hand.verify(number)
    took = on(cluster, GOOD, cluster.machines)
    scenario.ended(cluster, number, "done")
    reported(cluster, GOOD)
    scenario.unchanged(exporters, scenario.snapshot(cluster), cluster.machines)
    say(f"ifrit-agent {GOOD} on {len(cluster.machines)} machines, {took:.1f} s after verify; every "
        "node_exporter kept its pid")
    return took


def put_back(cluster, hand, version, reason, gray):
    exporters = scenario.snapshot(cluster)
    others = [m for m in cluster.machines if m not in gray]
    before = {m.uuid: running(m) for m in others}
    number = hand.release(version, gray, "install", agent=AGENT)

    def reverted():
        rows = [r for r in cluster.ctl_json("release", "machines", number)
                if r["outcome"] in ("failed", "reverted")]
        return len(rows) == len(gray), rows
    rows, took = wait_for(f"all {len(gray)} machines put {version} back", reverted, SECONDS)
    wrong = {r["uuid"]: (r["outcome"], r["reason"]) for r in rows
             if (r["outcome"], r["reason"]) != ("reverted", reason)}
    if wrong or {r["uuid"] for r in rows} != {m.uuid for m in gray}:
        raise Failure(f"{version}: expected {reason} from every gray machine, got {rows}")
    on(cluster, GOOD, gray)
    if before != {m.uuid: running(m) for m in others}:
        raise Failure(f"{version} touched a machine that is not gray")
    scenario.unchanged(exporters, scenario.snapshot(cluster), cluster.machines)
    hand.rollback(number)
    scenario.ended(cluster, number, "rolled_back")
    say(f"ifrit-agent {version} was put back on all {len(gray)} machines in {took:.1f} s ({reason})")
    return took, len(rows)


def play(cluster, versions, _):
    """ifritctl makes all of its releases; the desktop's part is that of the other scenarios."""
    hand = CtlHand(cluster)
    gray = [cluster.machines[0], cluster.machines[2], cluster.machines[3]]
    scenario.full_release(cluster, versions["v1"], hand)
    for version, behaviour, _ in ((GOOD, "", ""), *BAD):
        publish(cluster, version, behaviour)
    took = upgrade(cluster, hand, gray)
    back = {behaviour: put_back(cluster, hand, version, reason, gray)
            for version, behaviour, reason in BAD}
    print(json.dumps({"demo": "ok", "scenario": "self-upgrade", "machines": len(cluster.machines),
                      "upgraded_s": round(took, 1),
                      "put_back_s": {behaviour: round(seconds, 1)
                                     for behaviour, (seconds, _) in back.items()},
                      "put_back_machines": sum(count for _, count in back.values())}), flush=True)
