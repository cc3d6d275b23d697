#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""faults.md D5, from a limit to a gate: real machines whose new version takes more than its package
allows put it back, their release halts by that, and nobody else is touched."""
import pathlib
import sys

SOURCE = pathlib.Path(sys.argv[1])
PROGRAMS = pathlib.Path(sys.argv[2])
sys.path.insert(0, str(SOURCE / "tools"))

from demo_cluster import machines  # noqa: E402
from demo_cluster.cluster import Cluster  # noqa: E402
from demo_cluster.terminal import Failure, wait_for  # noqa: E402

AGENT = "eater"
MACHINES = 4
GRAY = 2

WELL = "exec sleep 1000000"
# Each is noticed within two looks, which come five times a second here; also where the processor has
# many others to serve.
EXCESSES = {
    "memory": ("memory_bytes = 50331648",
               "x=12345678; while [ ${#x} -lt 200000000 ]; do x=$x$x; done; exec sleep 1000000"),
    "processor": ("cpu_percent = 2", "while :; do :; done"),
    "processes": ("pids = 10", "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do sleep 1000000 & "
                               "done; wait"),
}


class Watched(machines.Machine):
    """As any machine of the demo; its limits are watched, as where the kernel holds none."""

    def config(self, *arguments):
        return super().config(*arguments) + '\n[limits]\ncgroup = "off"\nsample_interval_ms = 200\n'


def publish(cluster, version, limit, script):
    source = cluster.directory / "packages" / version
    program = source / "files/bin/app"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    # Nothing but its limit shows what is wrong with it.
    (source / "package.toml").write_text(
        f'format = 1\nname = "{AGENT}"\nversion = "{version}"\n'
        'machine_types = ["LINUX", "CONTAINER"]\nprobation = "20s"\n'
        '[start]\ncommand = ["/bin/sh", "${root}/bin/app"]\n[stop]\ngrace = "1s"\n'
        f"[limits]\n{limit}\n")
    package = source.with_suffix(".ifrit")
    cluster.run("ifritctl", "package", "build", source, "--key", cluster.publisher_key, "--out",
                package)
    cluster.ctl("package", "publish", package, "--reason", "limits")


def release(cluster, version, gray, *more):
    arguments = ["release", "create", "--agent", AGENT, "--types", "LINUX,CONTAINER", "--version",
                 version, "--deadline", "2m", "--reason", "limits", *more]
    for machine in gray:
        arguments += ["--gray-uuid", machine.uuid]
    number = str(cluster.ctl_json(*arguments)["number"])
    cluster.ctl("release", "start", number, "--confirm-count", len(cluster.machines), "--reason",
                "limits")
    return number


def running(cluster):
    return {machine.uuid: sorted(machines.processes_under(machine.root / "agents" / AGENT))
            for machine in cluster.machines}


def state_is(cluster, number, state, seconds=90):
    def check():
        now = cluster.ctl_json("release", "show", number)
        return now["state"] == state, f"{now['state']}: {now['waits_for']} {now['halt_reason']}"
    wait_for(f"release {number} is {state}", check, seconds)


def halts(cluster, name, version):
    gray, others = cluster.machines[:GRAY], cluster.machines[GRAY:]
    before = running(cluster)
    number = release(cluster, version, gray)
    state_is(cluster, number, "halted")
    rows = {row["uuid"]: row for row in cluster.ctl_json("release", "machines", number)}

    def convicted():
        reasons = {m.uuid: row["reason"] for m in gray
                   for row in cluster.ctl_json("release", "machines", number)
                   if row["uuid"] == m.uuid and row["outcome"] in ("failed", "reverted")}
        return list(reasons.values()).count("LIMIT_EXCEEDED") == GRAY, reasons
    wait_for(f"{name}: both gray machines name the limit", convicted, 60)
    after = running(cluster)
    for machine in others:
        row = rows[machine.uuid]
        if before[machine.uuid] != after[machine.uuid] or row["outcome"] not in ("pending", ""):
            raise Failure(f"{name}: {machine.uuid} was touched: {row}")
    cluster.act("abort", number, "limits")
    state_is(cluster, number, "aborted")


def main():
    cluster = Cluster(SOURCE, PROGRAMS, None)
    held = 0
    try:
        cluster.make_master()
        cluster.add_publisher()
        cluster.serve_master()
        cluster.start_machines([Watched(**vars(machine)) for machine in machines.plan(MACHINES)])
        publish(cluster, "1", "", WELL)
        state_is(cluster, release(cluster, "1", ()), "done")
        for number, (name, (limit, script)) in enumerate(EXCESSES.items()):
            version = str(number + 2)
            publish(cluster, version, limit, script)
            try:
                halts(cluster, name, version)
                held += 1
            except Failure as failure:
                print(f"FAIL {name}: {failure}", flush=True)
                break  # its release is in the way of the next
    finally:
        cluster.stop(keep=held < len(EXCESSES))
    print(f"fault row: D5 gray machines over a limit: {held}/{len(EXCESSES)} releases halted, nobody "
          "else touched", flush=True)
    return 0 if held == len(EXCESSES) else 1


if __name__ == "__main__":
    sys.exit(main())
