# SPDX-License-Identifier: Apache-2.0
"""What the documents' pictures show: three clusters, a campaign through them whose second cluster
is in its batches, operators with grants and tokens; then a release that its gray machines refuse.
All of it is made by ifritctl and happens on real machines."""
import contextlib
import os
import shutil
import signal
import subprocess
import threading

from demo_cluster import machines, packages, scenario
from demo_cluster.cluster import Cluster
from demo_cluster.machines import AGENT
from demo_cluster.staged import Staged, sampled
from demo_cluster.terminal import Failure, say, wait_for

NAME = "shop-north"
KIND = "production"
MACHINES = 30
BEFORE = ("shop-test", "test", 3)
AFTER = ("shop-south", "production", 5)
CAMPAIGN = "node-exporter 1.5.1"
TAKE_SECONDS = 900

RELEASE = f'''agent = "{AGENT}"
machine_types = ["LINUX", "CONTAINER"]
soak = "1s"
machine_deadline = "2m"
'''
STAGES = '''
[pilot]
count = 2

[batches]
interval = "2s"
advance = "promote"
'''


class Tour:
    """The clusters, and ifritctl with a context for each of them."""

    def __init__(self, north):
        self.north = north
        self.test = Cluster(north.source, north.programs, None, name=BEFORE[0], kind=BEFORE[1])
        self.south = Cluster(north.source, north.programs, None, name=AFTER[0], kind=AFTER[1])
        self.home = north.directory / "home"

    def clusters(self):
        return self.test, self.north, self.south

    def ctl(self, *arguments):
        environment = {key: value for key, value in os.environ.items()
                       if not key.startswith("IFRIT_")}
        environment["XDG_CONFIG_HOME"] = str(self.home)
        done = subprocess.run([self.north.programs / "ifritctl", "--yes", *map(str, arguments)],
                              capture_output=True, text=True, check=False, env=environment)
        if done.returncode != 0:
            raise Failure(f"ifritctl {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done.stdout

    def open_others(self):
        public = self.north.publisher_key.with_name(self.north.publisher_key.name + ".pub.pem")
        for cluster, count in ((self.test, BEFORE[2]), (self.south, AFTER[2])):
            cluster.make_master()
            cluster.keys.mkdir()
            shutil.copy(public, cluster.keys / "publisher.pub.pem")
            cluster.run("ifrit-master", "publisher-key", "add", "--dir", cluster.master_directory,
                        "--name", "demo publisher", public)
            cluster.serve_masters()
            cluster.start_machines(machines.plan(count, cluster.name))
            for key in packages.VERSIONS:
                # The very same file: a campaign is about one package.
                cluster.ctl("package", "publish",
                            self.north.directory / "packages" / f"{key}.ifrit", "--reason",
                            f"OPS-2204: {AGENT} {packages.VERSIONS[key][0]}")
        for cluster in self.clusters():
            self.ctl("context", "import", cluster.admin_bundle, "--name", cluster.name)

    def make_campaign(self, version, gray):
        directory = self.north.directory
        listed = ", ".join(f'"{machine.uuid}"' for machine in gray)
        for cluster, more in ((self.test, ""), (self.south, STAGES),
                              (self.north, f"{STAGES}\n[gray]\nuuids = [{listed}]\n")):
            (directory / f"{cluster.name}.toml").write_text(
                f'version = "{version}"\n{RELEASE}{more}')
        path = directory / "campaign.toml"
        path.write_text(f'name = "{CAMPAIGN}"\nsettle = "1s"\n' + "".join(
            f'[[clusters]]\ncontext = "{cluster.name}"\nrelease = "{cluster.name}.toml"\n'
            for cluster in self.clusters()))
        self.ctl("campaign", "create", "-f", path, "--reason", "OPS-2219: fewer collectors")

    def go_on(self, verb, cluster, *more):
        self.ctl("campaign", verb, CAMPAIGN, "--confirm-count", len(cluster.machines), "--reason",
                 "OPS-2219: fewer collectors", *more)


def add_people(cluster):
    """Operators as a company has them, and one who tries what is not theirs."""
    why = ("--reason", "OPS-2190: on call")
    one = ("--confirm-count", "1")

    def certified(name):
        bundle = cluster.directory / f"{name}.bundle"
        cluster.ctl("user", "issue", name, "--out", bundle, *one, *why)
        return bundle
    for name, role in (("chen.yu", "reader"), ("lin.tao", "reader"), ("wang.fang", "super_admin")):
        count = one if role == "super_admin" else ()
        cluster.ctl("user", "create", name, "--role", role, *count, *why)
    cluster.ctl("user", "create", "nightly-build", "--certificate-only", *why)
    cluster.ctl("grant", "give", "chen.yu", "release.*", "--agent", AGENT, "--for", "30d", *one,
                *why)
    cluster.ctl("grant", "give", "chen.yu", "machine.clear-known-bad", "--type", "CONTAINER", *one,
                *why)
    cluster.ctl("grant", "give", "nightly-build", "package.publish", *one, *why)
    cluster.ctl("user", "disable", "lin.tao", "--reason", "OPS-2188: laptop lost", *one)
    chen = certified("chen.yu")
    for label in ("terminal", "dashboard"):
        cluster.run("ifritctl", "--bundle", chen, "--yes", "token", "create", label, "--for", "7d",
                    *why)
    cluster.run("ifritctl", "--bundle", certified("nightly-build"), "--yes", "token", "create",
                "publish job", "--for", "30d", *why)
    denied = cluster.run("ifritctl", "--bundle", chen, "--yes", "cluster", "freeze", "--reason",
                         "it looks slow", check=False)
    if denied.returncode != 4:
        raise Failure(f"chen.yu may freeze the cluster: {denied.stdout}{denied.stderr}")


def end_one_in_probation(release):
    """As the out-of-memory killer would: the machine that it hits puts its old version back."""
    running = scenario.snapshot(release.cluster)

    def ended():
        for machine in release.cluster.machines:
            found = machines.exporter(machine)
            if found is None or found[0] == running[machine.uuid][0]:
                continue
            os.kill(found[0], signal.SIGKILL)
            return True, machine.uuid
        return False, f"no machine of the batch tries {release.version}"
    uuid, _ = wait_for("a machine of the batch tries the new version", ended, 60, every=0.02)
    say(f"{uuid}: the new version was killed in its probation")


def into_batches(tour, version, gray):
    """The campaign, until its second cluster waits in its second batch."""
    north = tour.north
    sampled(north)
    tour.make_campaign(version, gray)
    tour.go_on("start", tour.test, "--wait", "--timeout", "120s")
    tour.go_on("advance", north)
    number = str(north.ctl_json("release", "list")[0]["number"])
    release = Staged(north, version, number)
    release.verify()
    release.wait_for_stage("pilot")
    release.wait_until_allowed("verify")
    killer = threading.Thread(target=end_one_in_probation, args=(release,))
    killer.start()
    release.verify()
    killer.join()
    release.wait_until_allowed("promote")
    north.act("promote", number, "OPS-2219: the first batch is good")
    return release


def desktop(tour, folder, languages, *more):
    """The desktop that takes the pictures and ends; it is open while the release moves."""
    bundles = [word for cluster in (tour.north, tour.test, tour.south)
               for word in ("--bundle", cluster.admin_bundle)]
    language = ("--language", languages[0]) if len(languages) == 1 else ()
    settings = tour.north.directory / f"desktop-{folder.name}"
    return subprocess.Popen([tour.north.programs / "ifrit-desktop", *bundles, "--settings",
                             settings, "--screenshot-dir", folder, *language, *more])


def wait_for_pictures(process):
    try:
        code = process.wait(timeout=TAKE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise Failure(f"no pictures within {TAKE_SECONDS} s") from None
    if code != 0:
        raise Failure(f"ifrit-desktop ended with {code}")


def staged_pictures(tour, versions, gray, languages):
    """The desktop is open from before the release, so that its charts have something to show."""
    begin = tour.north.directory / "begin"
    shots = tour.north.directory / "staged"
    process = desktop(tour, shots, languages, "--screenshot-begin", begin)
    try:
        release = into_batches(tour, versions["v2"], gray)
        begin.touch()
        say("taking pictures during the staged release")
        wait_for_pictures(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return release, shots


def take(north, versions, folder, languages):
    gray = [north.machines[0], north.machines[2]]
    tour = Tour(north)
    with contextlib.ExitStack() as ending:
        for cluster in (tour.test, tour.south):
            ending.callback(cluster.stop, keep=False)
        # First of all: what the agent cost before is known once it has run for a while.
        scenario.full_release(north, versions["v1"])
        tour.open_others()
        # Nothing runs it yet: what the wizard plans.
        packages.publish(north, packages.download(north), "load", "1.5.0", packages.CHEAP,
                         name="load-exporter", port=9101)
        for cluster in (tour.test, tour.south):
            scenario.full_release(cluster, versions["v1"])
        add_people(north)
        release, shots = staged_pictures(tour, versions, gray, languages)
        failed = refused(tour, release, versions, gray, languages)
        folder.mkdir(parents=True, exist_ok=True)
        for source, prefix in ((shots, ""), (failed, "failed-gray-")):
            for picture in sorted(source.glob("*.png")):
                shutil.copy(picture, folder / (prefix + picture.name))


def refused(tour, release, versions, gray, languages):
    """The release goes to its end; the next one is refused by its gray machines."""
    north = tour.north
    north.act("promote-all", release.number, "OPS-2219: good everywhere")
    scenario.ended(north, release.number, "done")
    hand = scenario.CtlHand(north)
    scenario.failing_gray(north, hand, versions["v3"], versions["v2"], gray)
    shots = north.directory / "refused"
    say("taking pictures of the refused release")
    wait_for_pictures(desktop(tour, shots, languages, "--scene", "release"))
    return shots
