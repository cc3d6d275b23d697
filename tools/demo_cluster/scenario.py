# SPDX-License-Identifier: Apache-2.0
"""The main job, step by step. Every step looks at processes and ports, not only at reports."""
import json

from demo_cluster import machines
from demo_cluster.machines import AGENT
from demo_cluster.hands import CtlHand
from demo_cluster.terminal import Failure, say, wait_for

CONVERGE_SECONDS = 90
VERSIONS = ("v1", "v2", "v3")  # that play() wants published


def shown(cluster, number):
    return cluster.ctl_json("release", "show", number)


def snapshot(cluster):
    """{uuid: (pid, command line)} of every node_exporter that runs, from /proc."""
    return machines.exporters(cluster.machines)


def versions_of(which):
    """{uuid: the version whose files the machine's running process came from; None: none runs}"""
    found = machines.exporters(which)
    return {machine.uuid: found[machine.uuid] and
            machines.version_of_process(machine, AGENT, found[machine.uuid][0])
            for machine in which}


def known_of(cluster, uuids):
    """Why those machines are where they are, a line for each: of a failure, for who looks into it."""
    lines = []
    for uuid in uuids:
        for agent in cluster.ctl_json("machine", "show", uuid)["agents"]:
            error = agent["last_error"] or {}
            lines.append(f"  {uuid}: {agent['state']} {agent['step']}; runs "
                         f"{agent['running_version'] or 'nothing'}, shall run "
                         f"{agent['desired_version'] or 'nothing'}; known bad: "
                         f"{agent['known_bad']}; next try: {agent['next_retry']}; "
                         f"{error.get('reason', 'no error')}: {error.get('message', '')}")
    return "\n".join(lines)


def converged(cluster, version, which):
    wrong = []

    def check():
        versions = versions_of(which)
        wrong[:] = [m.uuid for m in which if versions[m.uuid] != version]
        # An answer is a scrape: nobody is asked for one before all of them run what they should.
        if not wrong:
            wrong[:] = [m.uuid for m in which if not machines.answers(m)]
        return not wrong, f"not on {version}, or without an answer: {', '.join(wrong)}"
    try:
        return wait_for(f"{len(which)} machine(s) run {version} and answer", check,
                        CONVERGE_SECONDS)[1]
    except Failure as failure:
        raise Failure(f"{failure}\n{known_of(cluster, wrong)}") from failure


def ended(cluster, number, state):
    def check():
        now = shown(cluster, number)["state"]
        return now == state, now
    try:
        wait_for(f"release {number} is {state}", check, CONVERGE_SECONDS)
    except Failure as failure:
        rows = [row for row in cluster.ctl_json("release", "machines", number)
                if row["outcome"] not in ("ok", "already")]
        lines = [f"  {row['uuid']}: {row['stage']} {row['batch']} {row['outcome']} {row['reason']} "
                 f"{row['message']}" for row in rows]
        raise Failure("\n".join([str(failure), *lines,
                                 known_of(cluster, [row["uuid"] for row in rows])])) from failure


def unchanged(before, after, which):
    touched = [m.uuid for m in which if before[m.uuid] != after[m.uuid]]
    if touched:
        raise Failure(f"processes changed on machines that should not: {', '.join(touched)}")


def full_release(cluster, version, hand=None):
    number = (hand or CtlHand(cluster)).release(version, (), "install")
    took = converged(cluster, version, cluster.machines)
    ended(cluster, number, "done")
    say(f"{version} everywhere in {took:.1f} s")
    return took


def gray_then_full(cluster, hand, version, gray):
    others = [m for m in cluster.machines if m not in gray]
    before = snapshot(cluster)
    number = hand.release(version, gray, "install")
    converged(cluster, version, gray)
    after = snapshot(cluster)
    unchanged(before, after, others)
    if any(before[m.uuid] == after[m.uuid] for m in gray):
        raise Failure("a gray machine still runs its old process")
    say(f"{version} on exactly {len(gray)} gray machines")

    def ready():
        release_now = shown(cluster, number)
        return "verify" in release_now["allowed_verbs"], release_now.get("waits_for")
    wait_for("verify is allowed", ready, CONVERGE_SECONDS)
    hand.verify(number)
    took = converged(cluster, version, cluster.machines)
    ended(cluster, number, "done")
    say(f"{version} everywhere, {took:.1f} s after verify")
    return took


def failing_gray(cluster, hand, version, previous, gray):
    """Gives the release's number once both machines have put the previous version back."""
    others = [m for m in cluster.machines if m not in gray]
    before = snapshot(cluster)
    number = hand.release(version, gray, "install")

    def reverted():
        rows = cluster.ctl_json("release", "machines", number)
        bad = [r for r in rows if r["outcome"] in ("failed", "reverted")]
        return len(bad) == len(gray), rows
    rows, _ = wait_for("both gray machines report the failure", reverted, CONVERGE_SECONDS)
    reasons = {r["uuid"]: r["reason"] for r in rows if r["outcome"] in ("failed", "reverted")}
    if set(reasons) != {m.uuid for m in gray} or not all(reasons.values()):
        raise Failure(f"expected both gray machines with a reason, got {reasons}")
    converged(cluster, previous, gray)
    unchanged(before, snapshot(cluster), others)
    say(f"{version} failed on {len(gray)} machines ({', '.join(sorted(set(reasons.values())))}), "
        f"which put {previous} back by themselves")
    return number, len(reasons)


def uninstall(cluster, hand):
    number = hand.release(None, (), "uninstall")

    def gone():
        found = machines.exporters(cluster.machines)
        left = [m.uuid for m in cluster.machines
                if found[m.uuid] is not None or machines.answers(m)]
        return not left, f"still there: {', '.join(left)}"
    wait_for("node_exporter is gone everywhere", gone, CONVERGE_SECONDS)
    ended(cluster, number, "done")
    say("uninstalled everywhere")


def play(cluster, versions, hand):
    """The scenario of the README, with one JSON line at its end."""
    gray = [cluster.machines[0], cluster.machines[2]]
    took = {"v1": full_release(cluster, versions["v1"], hand)}
    took["v2"] = gray_then_full(cluster, hand, versions["v2"], gray)
    number, reverted = failing_gray(cluster, hand, versions["v3"], versions["v2"], gray)
    hand.rollback(number)
    ended(cluster, number, "rolled_back")
    converged(cluster, versions["v2"], cluster.machines)
    say(f"rolled back; {versions['v2']} everywhere")
    uninstall(cluster, hand)
    versions_released = {release["spec"]["version"] for release in cluster.ctl_json("release", "list")}
    print(json.dumps({"demo": "ok", "machines": len(cluster.machines),
                      "releases": len(versions_released - {""}),
                      "converged_s": {key: round(value, 1) for key, value in took.items()},
                      "reverted": reverted}), flush=True)


def prepare(cluster, versions, stage):
    """What the desktop opens on."""
    hand = CtlHand(cluster)
    gray = [cluster.machines[0], cluster.machines[2]]
    full_release(cluster, versions["v1"], hand)
    if stage == "failed-gray":
        gray_then_full(cluster, hand, versions["v2"], gray)
        failing_gray(cluster, hand, versions["v3"], versions["v2"], gray)
