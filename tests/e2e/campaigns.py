#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A campaign through two clusters, with real masters, real machines and ifritctl: the second starts
with the first one's receipt alone, whoever carries it and however long nobody does."""
import base64
import json
import os
import shutil
import subprocess
import sys

from cases import PROGRAMS, SOURCE, case, play
from demo_cluster import machines, packages, scenario
from demo_cluster.cluster import Cluster
from demo_cluster.machines import AGENT
from demo_cluster.terminal import Failure, wait_for

MACHINES = 2


class Fleet:
    """Two clusters, "one" and "two", with the same packages; ifritctl has a context for each."""

    def __init__(self):
        self.one = Cluster(SOURCE, PROGRAMS, None, name="one")
        self.two = Cluster(SOURCE, PROGRAMS, None, name="two")
        self.home = self.one.directory / "home"

    def ctl(self, *arguments, code=0):
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("IFRIT_")}
        environment["XDG_CONFIG_HOME"] = str(self.home)
        done = subprocess.run([PROGRAMS / "ifritctl", *map(str, arguments)], capture_output=True,
                              text=True, check=False, env=environment)
        if done.returncode != code:
            raise Failure(f"ifritctl {' '.join(map(str, arguments))}: exit {done.returncode}, "
                          f"expected {code}: {done.stderr.strip()}")
        return done

    def refused(self, code, word, *arguments):
        said = self.ctl(*arguments, code=code).stderr
        if word not in said:
            raise Failure(f"ifritctl {' '.join(map(str, arguments))} lacks {word}: {said.strip()}")

    def show(self, name):
        return json.loads(self.ctl("-o", "json", "campaign", "show", name).stdout)

    def states(self, name):
        return [seat["state"] for seat in self.show(name)["clusters"]]

    def create(self, name, version, order=("one", "two")):
        """A campaign whose release is gray on the first machine and then full."""
        directory = self.one.directory
        (directory / "release.toml").write_text(
            f'agent = "{AGENT}"\nversion = "{version}"\nmachine_types = ["LINUX", "CONTAINER"]\n'
            'machine_deadline = "60s"\n')
        clusters = "".join(f'[[clusters]]\ncontext = "{context}"\n' for context in order)
        path = directory / "campaign.toml"
        path.write_text(f'name = "{name}"\nrelease = "release.toml"\n{clusters}')
        return json.loads(self.ctl("-o", "json", "campaign", "create", "-f", path, "--reason",
                                   f"e2e {name}").stdout)

    def start(self, verb, name, *more, code=0):
        return self.ctl("campaign", verb, name, "--confirm-count", MACHINES, "--yes", "--reason",
                        "e2e", *more, code=code)

    def versions(self, cluster):
        return list(scenario.versions_of(cluster.machines).values())

    def release_of(self, name, cluster):
        return next(seat for seat in self.show(name)["clusters"] if seat["cluster"] == cluster)


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: {found}, expected {wanted}")


KEYS = ("v1", "v2", "v3")
V1, V2, V3 = (packages.VERSIONS[key][0] for key in KEYS)


@case
def a_campaign_is_the_same_document_in_both(fleet):
    made = fleet.create("to two", V2)
    expect([seat["state"] for seat in made["clusters"]], ["ready", "waiting"], "states")
    expect(made["verified"], 0, "verified")
    pins = [seat["ca_sha256"] for seat in made["clusters"]]
    if len(set(pins)) != 2 or not all(pins):
        raise Failure(f"the pinned CAs: {pins}")
    listed = json.loads(fleet.ctl("-o", "json", "campaign", "list").stdout)
    expect([one["digest"] for one in listed], [made["digest"]], "digests")
    # What one of them would not take is made nowhere.
    directory = fleet.one.directory
    (directory / "unknown.toml").write_text(
        f'agent = "{AGENT}"\nversion = "9.9.9"\nmachine_types = ["LINUX"]\n')
    (directory / "bad.toml").write_text('name = "bad"\nrelease = "unknown.toml"\n'
                                        '[[clusters]]\ncontext = "one"\n'
                                        '[[clusters]]\ncontext = "two"\n')
    fleet.refused(3, "9.9.9", "campaign", "create", "-f", directory / "bad.toml")
    listed = json.loads(fleet.ctl("-o", "json", "campaign", "list").stdout)
    expect(len(listed), 1, "campaigns")


@case
def the_second_is_refused_without_a_receipt(fleet):
    said = fleet.start("advance", "to two", "--cluster", "two", code=5).stderr
    if "RECEIPT_MISSING" not in said:
        raise Failure(said)
    # Nothing is left that only waits to be started.
    if fleet.release_of("to two", "two").get("release_number"):
        raise Failure("a refused start left a draft")
    # Nor by the release's own verb, past the campaign.
    fleet.start("advance", "to two", "--cluster", "two", "--dry-run")
    draft = fleet.release_of("to two", "two")["release_number"]
    fleet.refused(5, "RECEIPT_MISSING", "--context", "two", "release", "start", draft, "--yes",
                  "--confirm-count", MACHINES, "--reason", "impatient")
    fleet.refused(5, "RECEIPT_UNMADE", "campaign", "receipt", "to two", "--cluster", "one")
    expect(fleet.versions(fleet.two), [V1] * MACHINES, "versions of two")


@case
def the_first_makes_its_receipt_while_nobody_is_connected(fleet):
    fleet.start("start", "to two")
    # The client is gone: only the machines' processes are looked at.
    scenario.converged(fleet.one, V2, fleet.one.machines)

    def made():
        rows = [row for row in fleet.one.ctl_json("audit", "list")
                if row["verb"] == "campaign.issue-receipt"]
        return bool(rows), "no receipt in the audit log"
    wait_for("cluster one made its receipt", made, seconds=60)
    rows = [row for row in fleet.one.ctl_json("audit", "list")
            if row["verb"] == "campaign.issue-receipt"]
    expect([row["actor"] for row in rows], ["ifrit-master"], "who made it")
    # The next one waits until somebody carries it.
    expect(fleet.states("to two"), ["verified", "waiting"], "states")
    expect(fleet.versions(fleet.two), [V1] * MACHINES, "versions of two")


@case
def forged_receipts_and_those_of_others_are_refused(fleet):
    directory = fleet.one.directory
    good = directory / "good.receipt"
    fleet.ctl("campaign", "receipt", "to two", "--cluster", "one", "--save", good)
    receipt, signature = (base64.b64decode(line) for line in good.read_text().split())
    forged = directory / "forged.receipt"

    def present(content, word, campaign="to two", cluster="two"):
        forged.write_text("\n".join(base64.b64encode(part).decode() for part in content) + "\n")
        fleet.refused(5, word, "campaign", "present", campaign, "--cluster", cluster, "--receipt",
                      forged)
    # A digit of the release's id, and a bit of the signature.
    at = receipt.index(fleet.release_of("to two", "one")["release_id"].encode())
    digit = b"1" if receipt[at:at + 1] == b"0" else b"0"
    changed = receipt[:at] + digit + receipt[at + 1:]
    present((changed, signature), "RECEIPT_SIGNATURE")
    present((receipt, signature[:-1] + bytes([signature[-1] ^ 1])), "RECEIPT_SIGNATURE")
    # Genuine, but of another campaign; and of a cluster that is not the one before.
    fleet.create("another", V2)
    present((receipt, signature), "RECEIPT_CAMPAIGN", "another")
    fleet.create("the other way", V2, order=("two", "one"))
    present((receipt, signature), "RECEIPT_SIGNATURE", "the other way", "one")
    present((receipt, signature), "RECEIPT_UNASKED", "to two", "one")
    expect(fleet.states("to two"), ["verified", "waiting"], "states")
    denied = {row["verb"]: row for row in fleet.two.ctl_json("audit", "list")
              if row["result"] == "failed" and row["verb"].startswith("campaign.")}
    if "campaign.present-receipt" not in denied:
        raise Failure("the refusals are not in the audit log")
    for name in ("another", "the other way"):
        fleet.ctl("campaign", "abort", name, "--reason", "made to be refused", "--confirm-count", 0)


@case
def the_second_goes_on_with_the_receipt(fleet):
    # After a restart of its master as well.
    fleet.two.kill_master()
    fleet.two.serve_master()
    fleet.start("advance", "to two", "--wait", "--timeout", "120s")
    expect(fleet.states("to two"), ["verified", "verified"], "states")
    expect(fleet.versions(fleet.two), [V2] * MACHINES, "versions of two")
    expect(fleet.show("to two")["phase"], "complete", "phase")
    fleet.start("advance", "to two")


@case
def a_halted_first_cluster_keeps_the_second_untouched(fleet):
    fleet.create("breaks", V3)
    said = fleet.start("start", "breaks", "--wait", "--timeout", "180s", code=6).stderr
    if "halted" not in said:
        raise Failure(said)
    expect(fleet.states("breaks"), ["halted", "waiting"], "states")
    before = scenario.snapshot(fleet.two)
    fleet.refused(5, "CAMPAIGN_WAITS", "campaign", "advance", "breaks", "--yes")
    fleet.start("advance", "breaks", "--cluster", "two", code=5)
    scenario.unchanged(before, scenario.snapshot(fleet.two), fleet.two.machines)
    expect(fleet.versions(fleet.two), [V2] * MACHINES, "versions of two")
    fleet.ctl("campaign", "abort", "breaks", "--rollback", "--reason", "it breaks",
              "--confirm-count", MACHINES)
    release = fleet.release_of("breaks", "one")["release_number"]
    scenario.ended(fleet.one, release, "rolled_back")
    scenario.converged(fleet.one, V2, fleet.one.machines)
    expect(fleet.states("breaks"), ["aborted", "aborted"], "states")


@case
def one_cluster_out_of_reach_is_named_and_holds_up_nothing(fleet):
    fleet.two.kill_master()
    done = fleet.ctl("-o", "json", "--timeout", "5s", "campaign", "show", "to two")
    states = [seat["state"] for seat in json.loads(done.stdout)["clusters"]]
    expect(states, ["verified", "unseen"], "states")
    if "cluster two cannot be asked" not in done.stderr:
        raise Failure(done.stderr)
    fleet.two.serve_master()


def build(fleet):
    one, two = fleet.one, fleet.two
    for cluster in (one, two):
        cluster.make_master()
    one.add_publisher()
    two.keys.mkdir()
    public = one.publisher_key.with_name(one.publisher_key.name + ".pub.pem")
    shutil.copy(public, two.keys / "publisher.pub.pem")
    two.run("ifrit-master", "publisher-key", "add", "--dir", two.master_directory, "--name",
            "demo publisher", public)
    for cluster in (one, two):
        cluster.serve_master()
        cluster.start_machines(machines.plan(MACHINES))
        fleet.ctl("context", "import", cluster.admin_bundle, "--name", cluster.name)
    packages.publish_all(one, KEYS)
    for key in KEYS:
        # The very same file: a campaign is about one package.
        two.ctl("package", "publish", one.directory / "packages" / f"{key}.ifrit", "--reason",
                f"demo {key}")
    for cluster in (one, two):
        scenario.full_release(cluster, V1)


def main():
    fleet = Fleet()

    def built():
        build(fleet)
        return fleet

    def stop(failed):
        for cluster in (fleet.two, fleet.one):
            cluster.stop(keep=failed > 0)
    return play(built, stop)


if __name__ == "__main__":
    sys.exit(main())
