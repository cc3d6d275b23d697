#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a person does on a machine, with real programs: status, explain, doctor and reset-bad beside a
running ifrit-agent and without one; an agent's log fetched by an operator; a changed agent.toml; and a
copied machine, which is refused and finds its way out."""
import json
import shutil
import signal
import sys

from cases import PROGRAMS, case, play_on
from demo_cluster import machines, packages, scenario
from demo_cluster.cluster import finish, terminate
from demo_cluster.hands import CtlHand
from demo_cluster.machines import AGENT
from demo_cluster.terminal import Failure, wait_for

def agent(cluster, machine, *arguments, check=True):
    return cluster.run("ifrit-agent", *arguments, "--config", machine.root / "agent.toml",
                       check=check)


def status(cluster, machine):
    return json.loads(agent(cluster, machine, "status", "-o", "json").stdout)


def expect(text, *words):
    for word in words:
        if word not in text:
            raise Failure(f"'{word}' is not in:\n{text}")


@case
def the_tools_answer_beside_a_running_ifrit_agent(cluster):
    machine = cluster.machines[0]
    expect(agent(cluster, machine, "status").stdout, "runs, process", f"master {cluster.address}",
           f"machine {machine.uuid}", "state      healthy")
    expect(agent(cluster, machine, "explain", AGENT).stdout, "chosen", "full", "healthy")
    if agent(cluster, machine, "reset-bad", AGENT, check=False).returncode != 1:
        raise Failure("reset-bad found a bad version where there is none")
    examined = agent(cluster, machine, "doctor")
    expect(examined.stdout, f"ok       master {cluster.address}", "clock", f"agent {AGENT}")


@case
def without_ifrit_agent_they_read_its_files_and_say_so(cluster):
    machine = cluster.machines[0]
    ran = machines.exporter(machine)
    terminate(machine.guard)
    finish(machine.guard)
    expect(agent(cluster, machine, "status").stdout, "ifrit-agent does not run",
           f"machine {machine.uuid}", AGENT)
    expect(agent(cluster, machine, "explain", AGENT).stdout, "chosen")
    examined = agent(cluster, machine, "doctor", check=False)
    if examined.returncode != 1:
        raise Failure(f"doctor finds nothing wrong:\n{examined.stdout}")
    expect(examined.stdout, "FAILED   ifrit-agent", f"ok       master {cluster.address}")
    restart(cluster, machine)
    if machines.exporter(machine) != ran:
        raise Failure("the managed agent did not run on")


def restart(cluster, machine):
    machine.guard = cluster.start(machine.root / "ifrit.log", "ifrit-guard", "--root", machine.root,
                                  "--agent", PROGRAMS / "ifrit-agent", "--", "run", "--config",
                                  machine.root / "agent.toml")

    def in_touch():
        running = status(cluster, machine)["running"]
        return running is not None and running["last_contact_ms"] is not None, running
    wait_for(f"{machine.uuid} is in touch", in_touch, seconds=60)


@case
def an_operator_reads_an_agents_log(cluster):
    machine = cluster.machines[0]
    text = cluster.ctl("machine", "log", machine.uuid, AGENT, "--lines", "3").stdout
    if not 1 <= len(text.splitlines()) <= 3:
        raise Failure(f"not three lines: {text!r}")
    whole = (machine.root / "log" / f"{AGENT}.log").read_text(errors="replace")
    for line in text.splitlines():
        expect(whole, line)
    rows = [row for row in cluster.ctl_json("audit", "list") if row["verb"] == "machine.log"]
    if [row["object"] for row in rows] != [f"{machine.uuid}/{AGENT}"]:
        raise Failure(f"audit rows: {rows}")


@case
def settings_are_taken_over_after_a_call_alone(cluster):
    machine = cluster.machines[0]
    config = machine.root / "agent.toml"
    good = config.read_text()
    dead = f"127.0.0.1:{machines.free_ports(1)[0]}"
    config.write_text(good.replace(f'masters = ["{cluster.address}"]', f'masters = ["{dead}"]'))
    machine.guard.send_signal(signal.SIGHUP)
    wait_for("the wrong settings are refused",
             lambda: ("NOT USED" in agent(cluster, machine, "status").stdout, ""), seconds=60)
    expect(agent(cluster, machine, "status").stdout, f"master {cluster.address}, in touch")
    # Not by a restart either.
    terminate(machine.guard)
    finish(machine.guard)
    restart(cluster, machine)
    name = cluster.address.replace("127.0.0.1", "localhost")
    config.write_text(good.replace(f'masters = ["{cluster.address}"]',
                                   f'masters = ["{name}"]\nserver_name = "127.0.0.1"'))
    machine.guard.send_signal(signal.SIGHUP)

    def adopted():
        text = agent(cluster, machine, "status").stdout
        return f"master {name}, in touch" in text and "NOT USED" not in text, text
    wait_for("the right settings are used", adopted, seconds=60)


def events_of(cluster, machine, kind):
    return [event for event in cluster.ctl_json("machine", "events", machine.uuid)
            if event["kind"] == kind]


def agent_of(cluster, machine):
    return next(agent for agent in cluster.ctl_json("machine", "show", machine.uuid)["agents"]
                if agent["agent"] == AGENT)


@case
def a_version_that_shall_be_tried_again_is_tried_once(cluster):
    machine = cluster.machines[0]
    good = machines.exporters([machine])[machine.uuid]
    number, _ = scenario.failing_gray(cluster, CtlHand(cluster), packages.VERSIONS["v3"][0],
                                      packages.VERSIONS["v1"][0], [machine])
    if len(events_of(cluster, machine, "reverted")) != 1:
        raise Failure(f"reverted: {events_of(cluster, machine, 'reverted')}")
    cluster.act("retry-failed", number, "once more")
    wait_for("it failed once more",
             lambda: (len(events_of(cluster, machine, "reverted")) >= 2, ""), seconds=60)

    def polled():
        now = status(cluster, machine)["running"]["last_contact_ms"]
        return now is not None and now > since + 5_000, now
    since = status(cluster, machine)["running"]["last_contact_ms"]
    wait_for("it has polled some times more", polled, seconds=60)
    if len(events_of(cluster, machine, "reverted")) != 2:
        raise Failure(f"reverted: {events_of(cluster, machine, 'reverted')}")
    if not agent_of(cluster, machine)["known_bad"]:
        raise Failure(f"nothing is known bad: {agent_of(cluster, machine)}")
    cluster.act("rollback", number, "it does not start")
    scenario.ended(cluster, number, "rolled_back")
    cluster.ctl("machine", "clear-bad", machine.uuid, "--agent", AGENT, "--yes",
                "--reason", "it is tried again")
    cleared = cluster.ctl_json("audit", "list", "--verb", "machine.clear-known-bad")
    if machine.uuid not in str(cleared[0]["after"]):
        raise Failure(f"the audit names no machine: {cleared}")
    if machines.exporters([machine])[machine.uuid][1] != good[1]:
        raise Failure("another command runs")


def copy_of(cluster, machine, number):
    """Another machine, made of a copy of this one's disk."""
    copied = machines.plan(number)[-1]
    copied.uuid = machine.uuid
    copied.root = cluster.directory / "machines" / f"copy-{number}"
    # Both live on one host here: the copy must not find the original's processes in its journal and
    # in guard's notes.
    shutil.copytree(machine.root, copied.root, symlinks=True,
                    ignore=shutil.ignore_patterns("*.sock", "agents", "journal.toml", "ifrit"))
    config = copied.root / "agent.toml"
    config.write_text(config.read_text().replace(str(machine.root), str(copied.root))
                      .replace(f'port = "{machine.port}"', f'port = "{copied.port}"'))
    cluster.machines.append(copied)
    return copied


@case
def a_copied_machine_is_refused_and_finds_its_way_out(cluster):
    machine = cluster.machines[1]
    copied = copy_of(cluster, machine, 5)
    copied.guard = cluster.start(copied.root / "ifrit.log", "ifrit-guard", "--root", copied.root,
                                 "--agent", PROGRAMS / "ifrit-agent", "--", "run", "--config",
                                 copied.root / "agent.toml")

    def refused():
        running = status(cluster, copied)["running"]
        return running is not None and running["reason"] == "CLONED_IDENTITY", running
    wait_for("the copy is refused", refused, seconds=90)
    expect(agent(cluster, copied, "status").stdout, "NO MASTER", "two machines live", "->")
    original = status(cluster, machine)["running"]
    if original["failures"] != 0:
        raise Failure(f"the original is refused: {original}")
    denied = [row for row in cluster.ctl_json("audit", "list")
              if row["verb"] == "machine.sync" and row["object"] == machine.uuid]
    if not denied:
        raise Failure("the copy is not in the audit log")
    # The way out, as the message says it.
    terminate(copied.guard)
    finish(copied.guard)
    token = cluster.run("ifrit-master", "join-token", "--dir", cluster.master_directory).stdout
    for name in ["identity.pem", "journal.toml"]:
        (copied.root / "state" / name).unlink(missing_ok=True)
    config = copied.root / "agent.toml"
    lines = [line for line in config.read_text().splitlines()
             if not line.startswith(("uuid =", "join_token ="))]
    config.write_text("\n".join(['uuid = "own-name"', f'join_token = "{token.strip()}"', *lines])
                      + "\n")
    restart(cluster, copied)
    if "own-name" not in {m["uuid"] for m in cluster.ctl_json("machine", "list")}:
        raise Failure("the copy is not a machine of its own")


def main():
    return play_on(machines.plan(2), lambda cluster: scenario.full_release(
        cluster, packages.VERSIONS["v1"][0]), versions=("v1", "v3"))


if __name__ == "__main__":
    sys.exit(main())
