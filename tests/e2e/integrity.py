#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""faults.md C5 with real programs: what is done to the files of an installed node_exporter is found,
undone and reported, by notice on one machine and by the periodic scan alone on the other."""
import dataclasses
import hashlib
import shutil
import sys

from cases import case, play_on
from demo_cluster import machines, packages, scenario
from demo_cluster.machines import AGENT
from demo_cluster.terminal import Failure, wait_for

@dataclasses.dataclass
class ScannedMachine(machines.Machine):
    """As any machine of the demo, with its own [integrity]."""
    integrity: str = ""

    def config(self, *arguments):
        return super().config(*arguments) + f"\n[integrity]\n{self.integrity}\n"


def plan():
    """One that is told by the system, and one that has nothing but its scan."""
    told, scans = (dataclasses.asdict(machine) for machine in machines.plan(2))
    return [ScannedMachine(**told, integrity="scan_interval_ms = 8000"),
            ScannedMachine(**scans, integrity="scan_interval_ms = 1000\nwatch = false")]


def version_directory(machine):
    return (machine.root / "agents" / AGENT / "current").resolve()


def digests(machine):
    directory = version_directory(machine)
    return {str(path.relative_to(directory)): (hashlib.sha256(path.read_bytes()).hexdigest(),
                                               path.stat().st_mode)
            for path in sorted(directory.rglob("*")) if path.is_file()}


def report(cluster, machine):
    shown = cluster.ctl_json("machine", "show", machine.uuid)
    return next(agent for agent in shown["agents"] if agent["agent"] == AGENT)


def events(cluster, machine, kind):
    return [event for event in cluster.ctl_json("machine", "events", machine.uuid)
            if event["kind"] == kind]


def integrity_is(cluster, machine, state):
    def check():
        now = report(cluster, machine)["integrity"]
        return now == state, now
    wait_for(f"{machine.uuid} reports {state}", check, seconds=60)


def undone(cluster, machine, before, repairs):
    """The files are as before, and one more repair was reported."""
    def files():
        now = digests(machine)
        wrong = sorted(path for path in now.keys() | before.keys()
                       if now.get(path) != before.get(path))
        return not wrong, wrong
    wait_for(f"{machine.uuid} has its files back", files, seconds=60)

    def told():
        found = events(cluster, machine, "repaired")
        return len(found) > repairs, found
    found, _ = wait_for(f"{machine.uuid} reports the repair", told, seconds=60)
    return max(found, key=lambda event: event["at"])["message"]


@case
def what_was_installed_is_intact(cluster):
    for machine in cluster.machines:
        integrity_is(cluster, machine, "intact")


@case
def a_replaced_program_is_put_back_and_run_again(cluster):
    for machine in cluster.machines:
        before, ran = digests(machine), machines.exporter(machine)
        repairs = len(events(cluster, machine, "repaired"))
        program = version_directory(machine) / packages.PROGRAM
        swapped = program.with_name("swapped")
        shutil.copy("/bin/true", swapped)
        swapped.rename(program)
        message = undone(cluster, machine, before, repairs)
        if "restarted" not in message or packages.PROGRAM not in message:
            raise Failure(f"{machine.uuid}: said: {message}")

        def runs():
            now = machines.exporter(machine)
            return now is not None and now != ran and machines.answers(machine), now
        wait_for(f"{machine.uuid} runs the signed program", runs, seconds=30)
        integrity_is(cluster, machine, "repaired")


@case
def what_touches_no_program_restarts_nothing(cluster):
    for machine in cluster.machines:
        before, ran = digests(machine), machines.exporter(machine)
        repairs = len(events(cluster, machine, "repaired"))
        directory = version_directory(machine)
        (directory / "dropped.sh").write_text("#!/bin/sh\n")
        (directory / packages.PROGRAM).chmod(0o777)
        message = undone(cluster, machine, before, repairs)
        if "dropped.sh" not in message and packages.PROGRAM not in message:
            raise Failure(f"{machine.uuid}: said: {message}")
        if "restarted" in message or machines.exporter(machine) != ran:
            raise Failure(f"{machine.uuid}: restarted for nothing: {message}")


@case
def without_a_master_it_is_repaired_all_the_same(cluster):
    machine = cluster.machines[0]
    before = digests(machine)
    repairs = len(events(cluster, machine, "repaired"))
    cluster.kill_master()
    shutil.rmtree(version_directory(machine) / "usr")
    wait_for("the files are back without a master", lambda: (digests(machine) == before, ""),
             seconds=60)
    cluster.serve_master()
    undone(cluster, machine, before, repairs)


@case
def the_third_time_is_an_alert(cluster):
    machine = cluster.machines[0]
    wait_for("the recurrence is reported",
             lambda: (len(events(cluster, machine, "integrity-recurring")) == 1, ""), seconds=60)
    integrity_is(cluster, machine, "damaged")


@case
def an_archive_that_is_gone_is_fetched_again(cluster):
    scenario.full_release(cluster, packages.VERSIONS["v2"][0])
    machine = cluster.machines[1]
    integrity_is(cluster, machine, "repaired")
    before = digests(machine)
    ran = machines.exporter(machine)
    repairs = len(events(cluster, machine, "repaired"))
    for archive in (machine.root / "cache").glob("*.tar.zst"):
        archive.unlink()
    (version_directory(machine) / "etc/textfile/demo.prom").write_text("ifrit_demo_version 3\n")
    message = undone(cluster, machine, before, repairs)
    # Its directory is named on the command line: what the program read from there is not known.
    if "restarted" not in message or machines.exporter(machine) == ran:
        raise Failure(f"{machine.uuid}: not restarted: {message}")


def main():
    return play_on(plan(), lambda cluster: scenario.full_release(
        cluster, packages.VERSIONS["v1"][0]), ("v1", "v2"))


if __name__ == "__main__":
    sys.exit(main())
