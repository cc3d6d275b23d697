# SPDX-License-Identifier: Apache-2.0
"""A release through all its stages with the master killed on the way, and one that leaks memory and
is halted by its cost. Played on real machines; what is open is compared with what really runs."""
import json

from demo_cluster import machines
from demo_cluster.machines import AGENT
from demo_cluster.scenario import (CONVERGE_SECONDS, converged, ended, full_release, shown, snapshot,
                                   unchanged, versions_of)
from demo_cluster.terminal import Failure, say, wait_for

KILL_IN_BATCH = 2  # the second one that opens
VERSIONS = ("v1", "v2", "leak")  # that play() wants published


class Staged:
    """One staged release and what it may have touched so far."""

    def __init__(self, cluster, version, number):
        """Of a release that runs, or is about to be started."""
        self.cluster = cluster
        self.version = version
        self.number = number
        self.before = snapshot(cluster)

    @classmethod
    def start(cls, cluster, version, gray, *more):
        arguments = ["release", "create", "--agent", AGENT, "--types", "LINUX,CONTAINER",
                     "--version", version, "--deadline", "2m", "--reason", "demo: staged",
                     "--pilot", "1", "--batches", "--batch-interval", "2s"]
        for machine in gray:
            arguments += ["--gray-uuid", machine.uuid]
        made = cls(cluster, version, str(cluster.ctl_json(*arguments, *more)["number"]))
        cluster.ctl("release", "start", made.number, "--confirm-count", len(cluster.machines),
                    "--reason", "demo")
        return made

    def show(self):
        return shown(self.cluster, self.number)

    def rows(self):
        return {row["uuid"]: row for row in
                self.cluster.ctl_json("release", "machines", self.number)}

    def closed_machines(self):
        """Those in stages that are not open yet."""
        opened = {(stage["kind"], stage["batch"]) for stage in self.show()["stages"]
                  if stage["opened_ms"] is not None}
        rows = self.rows()
        return [machine for machine in self.cluster.machines
                if (rows[machine.uuid]["stage"], rows[machine.uuid]["batch"]) not in opened]

    def check_untouched(self):
        """Nobody outside the open stages was touched. Who is open is read after the processes, so
        that a stage which opens in between is not held against the release."""
        after = snapshot(self.cluster)
        closed = self.closed_machines()
        unchanged(self.before, after, closed)
        return len(closed)

    def wait_for_stage(self, kind, nth=1):
        """Until the n-th stage of the kind is the open one, or a later one is."""
        def reached():
            now = self.show()
            stages = [stage for stage in now["stages"] if stage["kind"] == kind]
            opened = len(stages) >= nth and stages[nth - 1]["opened_ms"] is not None
            return opened, now["waits_for"]
        wait_for(f"{kind} {nth} opens", reached, CONVERGE_SECONDS)

    def wait_until_allowed(self, verb):
        def ready():
            now = self.show()
            return verb in now["allowed_verbs"], now["waits_for"] or now["halt_reason"]
        wait_for(f"{verb} is allowed", ready, CONVERGE_SECONDS)

    def verify(self):
        self.wait_until_allowed("verify")
        untouched = self.check_untouched()
        say(f"{self.show()['stage']} is good; {untouched} machines were not touched")
        self.cluster.act("verify", self.number, "demo: it is good")


def through_all_stages(cluster, versions, gray):
    release = Staged.start(cluster, versions["v2"], gray)
    stages = [stage["kind"] for stage in release.show()["stages"]]
    if stages != ["gray", "pilot", "batch", "batch", "batch", "batch", "full"]:
        raise Failure(f"the release has the stages {stages}")
    release.verify()
    release.wait_for_stage("pilot")
    release.verify()
    release.wait_for_stage("batch", KILL_IN_BATCH)
    release.check_untouched()
    several = len(cluster.masters) > 1
    victim = cluster.leader() if several else 0
    say(f"killing {'the master that leads' if several else 'the master'} in batch {KILL_IN_BATCH}")
    cluster.kill_master(victim)
    if not several:
        cluster.serve_master(victim)
    ended(cluster, release.number, "done")
    if several:
        if cluster.leader() == victim:
            raise Failure("no other master took over")
        say("another master went on with the release; the killed one comes back")
        cluster.serve_master(victim)
    took = converged(cluster, versions["v2"], cluster.machines)
    timeline = [entry["what"] for entry in cluster.ctl_json("release", "timeline", release.number)]
    opened = [what for what in timeline if what.endswith("opened")]
    if len(opened) != len(stages) or len(set(opened)) != len(opened):
        raise Failure(f"stages opened: {opened}")
    say(f"{versions['v2']} everywhere through {len(stages)} stages")
    return took


def sampled(cluster):
    """Until the master knows what the agent costs everywhere: without that nothing is compared."""
    missing = [machine.uuid for machine in cluster.machines]

    def known():
        # What was reported once is known.
        missing[:] = [uuid for uuid in missing
                      if not all(agent.get("rss_bytes") for agent in
                                 cluster.ctl_json("machine", "show", uuid)["agents"])]
        return not missing, f"no sample from {', '.join(missing)}"
    wait_for("every machine reports what its agent costs", known, CONVERGE_SECONDS)


def halted_by_cost(cluster, versions, gray):
    """The leaking version looks well to every probe; its memory gives it away."""
    sampled(cluster)
    release = Staged.start(cluster, versions["leak"], gray, "--batch-promote", "--auto")

    def halted():
        now = release.show()
        return now["state"] == "halted", now["waits_for"]
    wait_for("the cost gate halts the release", halted, 3 * CONVERGE_SECONDS)
    why = release.show()["halt_reason"]
    if not why.startswith("cost: memory"):
        raise Failure(f"halted for another reason: {why}")
    untouched = release.check_untouched()
    if untouched == 0:
        raise Failure("the leak reached every machine")
    wrong = [uuid for uuid, version in versions_of(release.closed_machines()).items()
             if version != versions["v2"]]
    if wrong:
        raise Failure(f"outside the open stages, and not on {versions['v2']}: {', '.join(wrong)}")
    say(f"halted: {why}")
    cluster.act("rollback", release.number, "demo: it leaks")
    ended(cluster, release.number, "rolled_back")
    converged(cluster, versions["v2"], cluster.machines)
    return untouched, why


def prepare(cluster, versions):
    """Leaves a release in its second batch, waiting for promote."""
    release = Staged.start(cluster, versions["v2"], [cluster.machines[0], cluster.machines[2]],
                     "--batch-promote")
    release.verify()
    release.wait_for_stage("pilot")
    release.verify()
    cluster.act("promote", release.number, "demo: batch is good")


def play(cluster, versions, hand):
    gray = [cluster.machines[0], cluster.machines[2]]
    took = {"v1": full_release(cluster, versions["v1"], hand)}
    took["v2"] = through_all_stages(cluster, versions, gray)
    # Three gray machines and a pilot of two are a sample for the cost gate, whatever the ring says.
    untouched, why = halted_by_cost(cluster, versions, [*gray, cluster.machines[4]])
    if not all(machines.answers(machine) for machine in cluster.machines):
        raise Failure("a node_exporter does not answer at the end")
    print(json.dumps({"demo": "ok", "scenario": "staged", "machines": len(cluster.machines),
                      "stages": 7, "converged_s": {k: round(v, 1) for k, v in took.items()},
                      "halted": why, "untouched": untouched}), flush=True)
