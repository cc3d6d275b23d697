// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/support/scripted_master.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/domain/release_reach.h"
#include "tests/gui/support/scripted_campaigns.h"
#include "tests/gui/support/scripted_packages.h"

namespace ifrit::tests {
namespace {

using domain::MachineState;
using domain::Outcome;
using namespace std::chrono_literals;

// What machines and the master say is worded as they word it: the pictures are to be true.
constexpr char kProbeFailed[] =
    "its probe failed 3 times in a row: 127.0.0.1:9100: Connection refused in probation";
constexpr char kDigest[] = "9f3c1e77a0d24b5586e0c1f24d9a6b3358f1c7720ee94a1bb0d1f3c5a7e92b64";

/// As a master counts it.
void tellReached(services::ReleaseInfo& info) {
    std::vector<domain::StageCounts> stages;
    for (const services::StageProgress& stage : info.stages)
        stages.push_back(stage.counts);
    using enum domain::ReleaseVerb;
    for (const auto verb : {Verify, Promote, PromoteAll, RetryFailed, Rollback, Abort})
        info.reached[verb] = domain::reachedBy(verb, stages, info.release.spec.batches);
}

}  // namespace

ScriptedMaster::ScriptedMaster(base::WallTime now, std::size_t count) : m_now(now) {
    makeMachines(count);
    packages = scriptedPackages(m_now);
    makeReleases();
    makeAudit();
    campaigns = scriptedCampaigns(m_now, profile().bundle.cluster);
    makeAccess();
    answerFleet();
    answerReleases();
    m_fakes.campaigns.lists.automatic = [this](const std::string&) {
        return services::Page<services::CampaignInfo>{campaigns, {}};
    };
    answerAccess();
    m_fakes.packages.listCalls.automatic = [this](const services::PageRequest&) {
        return services::Page<services::PackageInfo>{packages, {}};
    };
    m_fakes.packages.getCalls.automatic =
        [this](const services::PackageRef& ref) -> absl::StatusOr<services::PackageInfo> {
        for (services::PackageInfo package : packages) {
            if (package.manifestDigest != ref.manifestDigest) continue;
            package.manifest = scriptedManifest(package);
            return package;
        }
        return absl::NotFoundError("no such package");
    };
    m_fakes.audit.listCalls.automatic = [this](const services::AuditQuery& query) {
        services::Page<services::AuditRow> page;
        for (const services::AuditRow& row : auditRows) {
            if (!query.actor.empty() && row.actor != query.actor) continue;
            if (!query.result.empty() && row.result != query.result) continue;
            page.items.push_back(row);
        }
        return page;
    };
    m_fakes.audit.verifyCalls.automatic = [this](const auto&) {
        return services::AuditVerification{auditRows.size(), kDigest, true, 0, {}};
    };
}

void ScriptedMaster::connect() {
    services::LinkStatus status;
    status.state = services::LinkState::Connected;
    status.latency = 8ms;
    status.address = "10.4.0.1:7443";
    status.serverCertificatePem = serverCertificatePem;
    m_fakes.connection.tell(status);
}

void ScriptedMaster::breakLine() {
    services::LinkStatus status;
    status.state = services::LinkState::Reconnecting;
    status.staleSince = m_now - 72s;
    status.attempt = 6;
    status.nextAttempt = m_now + 8s;
    status.lastError = absl::UnavailableError("10.4.0.1:7443 does not answer: connection refused");
    status.address = "10.4.0.1:7443";
    m_fakes.connection.tell(status);
}

void ScriptedMaster::makeMachines(std::size_t count) {
    static constexpr const char* kTypes[] = {"LINUX", "LINUX", "CONTAINER", "LINUX", "ARM64"};
    static constexpr const char* kPins[] = {"acme", "zed", "core"};
    const std::int64_t now = base::toUnixMillis(m_now);
    const domain::HashRing batches(ring());
    for (std::size_t i = 0; i < count; ++i) {
        ScriptMachine machine;
        machine.uuid = fmt::format("i-0c{:04x}", 0x77b2 + i * 37);
        machine.address = fmt::format("10.4.{}.{}", 4 + i / 200, 10 + i % 200);
        machine.type = kTypes[i % 5];
        machine.pin = kPins[(i / 3) % 3];
        machine.labels = i % 2 == 0 ? "rack=7,zone=b" : "rack=9,zone=a";
        machine.batch = batches.batchOf(machine.uuid);
        machine.lastSeenMs = now - static_cast<std::int64_t>((i * 7) % 29 + 1) * 1'000;
        ScriptAgent metrics{.name = "node-exporter", .running = "1.5.0", .desired = "1.5.0"};
        metrics.rssBytes = 17'000'000 + (i * 7919) % 5'000'000;
        metrics.cpuCentipercent = static_cast<std::uint32_t>(10 + (i * 13) % 60);
        if (i == 0 || i == 11) {
            metrics = {.name = "node-exporter",
                       .running = "1.5.0",
                       .desired = "1.6.1",
                       .state = MachineState::Reverted,
                       .step = "1.6.1 failed here and is not tried again until it is cleared",
                       .error = kProbeFailed};
        } else if (i % 41 == 3) {
            metrics = {.name = "node-exporter",
                       .running = "1.5.0",
                       .desired = "1.6.1",
                       .state = MachineState::Downloading,
                       .step = "downloading 62 %"};
        } else if (i % 53 == 5) {
            metrics.state = MachineState::Watching;
            metrics.running = metrics.desired = "1.6.1";
            metrics.step = "watching 1.6.1";
        } else if (i % 67 == 9) {
            machine.offline = true;
            machine.lastSeenMs = now - 224'000;
        } else if (i % 71 == 13) {
            machine.offline = true;
            machine.lastSeenMs = now - 187'000'000;
        }
        machine.state = machine.offline ? MachineState::Silent : metrics.state;
        machine.agents = {metrics};
        if (i % 4 == 1) {
            machine.agents.push_back({.name = "logd", .running = "4.2.0", .desired = "4.2.0"});
        }
        machines.push_back(machine);
    }
}

void ScriptedMaster::makeReleases() {
    services::ReleaseInfo failed;
    failed.release.id = "7c0e6f2a-1111-4a1b-8c3d-000000000871";
    failed.release.number = 871;
    failed.release.spec.agent = "node-exporter";
    failed.release.spec.version = "1.6.1";
    failed.release.spec.machineTypes = {"LINUX", "CONTAINER"};
    failed.release.spec.gray.uuids = {machines[0].uuid, machines[11].uuid};
    failed.release.state = domain::ReleaseState::Halted;
    failed.release.stage = domain::StageKind::Gray;
    failed.release.haltReason =
        "0 failed, 2 reverted, 0 silent of 6 in the gray stage; the gate lets at most 1 through";
    failed.release.createdBy = "wang";
    failed.release.reason = "collector rewrite, OPS-2219";
    failed.release.created = m_now - 14min;
    failed.release.started = m_now - 13min;
    failed.release.previousVersions = {{"LINUX", "1.5.0"}, {"CONTAINER", "1.5.0"}};
    services::StageProgress gray;
    gray.counts.kind = domain::StageKind::Gray;
    gray.counts.targeted = 6;
    gray.counts.outcomes = {{Outcome::Ok, 3}, {Outcome::Already, 1}, {Outcome::Reverted, 2}};
    gray.counts.opened = m_now - 13min;
    gray.soakUntil = m_now - 3min;
    gray.badLimit = 1;
    services::StageProgress full;
    full.counts.kind = domain::StageKind::Full;
    full.counts.targeted = 186;
    full.counts.offline = 3;
    failed.stages = {gray, full};
    failed.allowedVerbs = {domain::ReleaseVerb::Resume, domain::ReleaseVerb::Abort,
                           domain::ReleaseVerb::Rollback};
    failed.refusedVerbs = {{domain::ReleaseVerb::Verify, "the release is halted: resume it first"}};
    tellReached(failed);
    releases.push_back(failed);
    for (int i = 1; i <= 6; ++i) {
        services::ReleaseInfo done = failed;
        done.release.number = static_cast<std::uint64_t>(871 - i);
        done.release.id = fmt::format("7c0e6f2a-1111-4a1b-8c3d-{:012}", 871 - i);
        done.release.spec.agent = i % 2 == 0 ? "logd" : "node-exporter";
        done.release.spec.version = fmt::format("1.{}.0", 6 - i);
        done.release.previousVersions = {{"LINUX", fmt::format("1.{}.0", 5 - i)}};
        done.release.haltReason.clear();
        done.release.reason = i == 2 ? "log format, OPS-2180" : "monthly";
        done.release.state = i == 3 ? domain::ReleaseState::RolledBack : domain::ReleaseState::Done;
        done.release.created = m_now - std::chrono::hours(24 * 9 * i);
        done.release.started = done.release.created;
        done.release.ended = done.release.created + 41min;
        done.stages[0].counts.outcomes = {{Outcome::Ok, 6}};
        done.stages[1].counts.outcomes = {{Outcome::Ok, 183}};
        for (auto& stage : done.stages) {
            stage.counts.opened = done.release.created;
            stage.counts.closed = done.release.ended;
        }
        done.allowedVerbs.clear();
        releases.push_back(done);
    }
}

services::ReleaseInfo ScriptedMaster::stagedRelease() const {
    services::ReleaseInfo info = releases.front();
    info.release.id = "7c0e6f2a-1111-4a1b-8c3d-000000000872";
    info.release.number = 872;
    info.release.state = domain::ReleaseState::Running;
    info.release.stage = domain::StageKind::Batch;
    info.release.batch = info.batch = 4;
    info.release.haltReason.clear();
    info.waitsFor = "waits for 701 of 2418 machines of the batch 4 stage";
    info.saysPerson = false;
    info.allowedVerbs = {domain::ReleaseVerb::Pause, domain::ReleaseVerb::Promote,
                         domain::ReleaseVerb::PromoteAll, domain::ReleaseVerb::Abort,
                         domain::ReleaseVerb::Rollback};
    info.refusedVerbs.clear();
    info.stages.clear();
    const auto stage = [&](domain::StageKind kind, std::uint32_t batch, std::uint32_t targeted) {
        services::StageProgress one;
        one.counts.kind = kind;
        one.counts.batch = batch;
        one.counts.targeted = targeted;
        one.badLimit = targeted / 20;
        info.stages.push_back(one);
    };
    stage(domain::StageKind::Gray, 0, 24);
    stage(domain::StageKind::Pilot, 0, 486);
    for (const std::uint32_t batch : {3U, 4U, 5U, 6U, 7U, 8U, 1U, 2U})
        stage(domain::StageKind::Batch, batch, 2'390 + 7 * batch);
    stage(domain::StageKind::Full, 0, 33'640);
    for (std::size_t i = 0; i < 3; ++i) {
        services::StageProgress& done = info.stages[i];
        done.counts.opened = m_now - std::chrono::minutes(60 - 15 * static_cast<int>(i));
        done.counts.closed = m_now - std::chrono::minutes(45 - 15 * static_cast<int>(i));
        done.counts.outcomes = {{Outcome::Ok, done.counts.targeted}};
    }
    services::StageProgress& open = info.stages[3];
    open.counts.opened = m_now - 11min;
    open.soakUntil = m_now + 4min;
    open.inFlight = 412;
    open.counts.outcomes = {{Outcome::Ok, 1'702}, {Outcome::Failed, 12}, {Outcome::Silent, 3}};
    tellReached(info);
    return info;
}

void ScriptedMaster::makeAudit() {
    static constexpr const char* kVerbs[] = {"release.start", "package.publish", "login",
                                             "release.create", "release.pause"};
    for (int i = 0; i < 24; ++i) {
        services::AuditRow row;
        row.id = static_cast<std::uint64_t>(1'204 - i);
        row.at = m_now - std::chrono::minutes(7 * i + 2);
        row.actor = i % 3 == 0 ? "wang" : i % 3 == 1 ? "admin" : "li";
        row.via = i % 4 == 0 ? "ctl" : "desktop";
        row.address = "10.4.0.77";
        row.verb = kVerbs[i % 5];
        row.object = i % 5 == 1 ? "node-exporter 1.6.1" : fmt::format("release {}", 871 - i / 5);
        row.cluster = "cn-north-1";
        row.result = i % 7 == 4 ? "denied" : i % 9 == 6 ? "failed" : "allowed";
        row.reason = i % 5 == 0 ? "collector rewrite, OPS-2219" : "";
        if (row.result == "denied") row.error = "li may not call release.start: not a super admin";
        if (row.result == "failed")
            row.error = "the fleet changed: 186 machines, 184 were expected";
        row.before = "{\"state\":\"draft\"}";
        row.after = "{\"state\":\"running\"}";
        row.requestId = "2b1f64d0-9f0e-4f10-b6b4-1d1e2c3a4b5c";
        row.hash = kDigest;
        auditRows.push_back(row);
    }
}

services::ClusterSummary ScriptedMaster::summary() const {
    services::ClusterSummary cluster;
    cluster.name = "cn-north-1";
    cluster.kind = "production";
    cluster.serverVersion = serverVersion;
    cluster.generation = 10'442;
    cluster.machines = machines.size();
    for (const ScriptMachine& machine : machines) {
        ++cluster.machinesByState[machine.state];
        cluster.offline += machine.offline ? 1 : 0;
    }
    cluster.ringBatches = ring().batches;
    cluster.ringVirtualNodes = ring().virtualNodes;
    cluster.ringSeed = ring().seed;
    cluster.runningReleases = 1;
    cluster.versions = {{"node-exporter", "1.5.0", machines.size() - 6},
                        {"node-exporter", "1.6.1", 6},
                        {"logd", "4.2.0", machines.size() / 4}};
    cluster.machineTypes = {"LINUX", "CONTAINER", "ARM64"};
    cluster.serverTime = m_now;
    cluster.freeze = frozen;
    return cluster;
}

services::MachineInfo ScriptedMaster::infoOf(const ScriptMachine& machine) const {
    services::MachineInfo info;
    info.facts = {machine.uuid,    machine.type, machine.pin,      {{"zone", "b"}, {"rack", "7"}},
                  machine.address, "web-17",     "Linux 6.1.0-18", "glibc 2.36",
                  "x86_64",        "0.1.0"};
    info.lastSeen = base::fromUnixMillis(machine.lastSeenMs);
    info.firstSeen = m_now - std::chrono::hours(24 * 60);
    info.offline = machine.offline;
    info.batch = machine.batch;
    info.state = machine.state;
    info.ifritSample = {0.04, 19'600'000};
    for (const ScriptAgent& agent : machine.agents) {
        domain::AgentReport report;
        report.agent = agent.name;
        report.runningVersion = agent.running;
        report.desiredVersion = agent.desired;
        report.state = agent.state;
        report.step = agent.step;
        report.since = m_now - 12min;
        if (!agent.error.empty()) {
            report.lastError = domain::AgentError{"PROBE_FAILED", agent.error, "watch", 1, m_now};
            report.knownBad = {kDigest};
        }
        info.agents.push_back(report);
    }
    return info;
}

void ScriptedMaster::answerFleet() {
    FakeFleet& fleet = m_fakes.fleet;
    fleet.clusterCalls.automatic = [this](const None&) { return summary(); };
    fleet.loadCalls.automatic = [this](const auto&) { return loads(); };
    fleet.freezeCalls.automatic = [this](const services::Mutation& mutation) {
        frozen = services::ClusterFreeze{"admin", mutation.reason, m_now, true};
        return summary();
    };
    fleet.unfreezeCalls.automatic = [this](const services::Mutation&) {
        frozen.reset();
        return summary();
    };
    fleet.machineWatch.opened = [this](const std::string&) {
        m_fakes.fleet.machineWatch.tell(m_script.snapshot(machines, 10'442));
    };
    fleet.machineCalls.automatic =
        [this](const std::string& uuid) -> absl::StatusOr<services::MachineInfo> {
        const auto found = std::find_if(machines.begin(), machines.end(),
                                        [&](const auto& machine) { return machine.uuid == uuid; });
        if (found == machines.end()) return absl::NotFoundError("no machine " + uuid);
        return infoOf(*found);
    };
    fleet.explainCalls.automatic = [this](const std::string& uuid) {
        services::Explanation out;
        out.uuid = uuid;
        domain::DesiredEntry gray;
        gray.agent = "node-exporter";
        gray.version = "1.6.1";
        gray.level = domain::Level::Gray;
        gray.timestamp = m_now - 13min;
        gray.source = "expect_gray_" + uuid;
        domain::DesiredEntry full = gray;
        full.version = "1.5.0";
        full.level = domain::Level::Full;
        full.timestamp = m_now - std::chrono::hours(24 * 21);
        full.source = "expect_default_LINUX";
        out.entries = {{gray, domain::Verdict::Chosen}, {full, domain::Verdict::OlderTimestamp}};
        return out;
    };
    fleet.eventCalls.automatic = [this](const std::string&) {
        services::Page<domain::MachineEvent> page;
        page.items = {
            {"reverted", "node-exporter", "1.5.0", "switched back to 1.5.0", m_now - 8min},
            {"failed", "node-exporter", "1.6.1", "probe tcp 127.0.0.1:9100 refused (12 of 12)",
             m_now - 9min},
            {"installed", "node-exporter", "1.6.1", "switched from 1.5.0", m_now - 10min}};
        return page;
    };
    fleet.agentCalls.automatic = [](const None&) {
        return std::vector<services::ManagedAgentInfo>{{"node-exporter", {}, {}, 240, 3}};
    };
}

std::vector<services::ReleaseMachine> ScriptedMaster::releaseMachines() const {
    std::vector<services::ReleaseMachine> out;
    for (std::size_t i = 0; i < 12; ++i) {
        services::ReleaseMachine machine;
        machine.uuid = machines[i].uuid;
        machine.stage =
            i == 0 || i == 11 || i < 5 ? domain::StageKind::Gray : domain::StageKind::Full;
        machine.fromVersion = "1.5.0";
        machine.runningVersion = "1.5.0";
        machine.since = m_now - 9min + std::chrono::seconds(static_cast<int>(i));
        if (i == 0 || i == 11) {
            machine.outcome = Outcome::Reverted;
            machine.reason = "PROBE_FAILED";
            machine.message = kProbeFailed;
        } else if (i < 5) {
            machine.outcome = i == 4 ? Outcome::Already : Outcome::Ok;
            machine.runningVersion = "1.6.1";
        }
        out.push_back(machine);
    }
    return out;
}

std::vector<services::ReleaseMachine> ScriptedMaster::measuredMachines() const {
    std::vector<services::ReleaseMachine> out;
    for (std::size_t i = 0; i < std::min(measured, machines.size()); ++i) {
        services::ReleaseMachine machine;
        machine.uuid = machines[i].uuid;
        machine.stage = i < 24 ? domain::StageKind::Gray : domain::StageKind::Pilot;
        machine.runningVersion = "1.6.1";
        machine.outcome = Outcome::Ok;
        machine.since = m_now - 13min + std::chrono::seconds(static_cast<int>(i * i / 25));
        const double spread = static_cast<double>((i * 7'919) % 101 + (i * 31) % 67) / 168.0;
        machine.before =
            domain::ResourceSample{0.3 + spread, static_cast<std::uint64_t>(15e6 + 6e6 * spread)};
        machine.sample = domain::ResourceSample{0.35 + 1.1 * spread,
                                                static_cast<std::uint64_t>(17e6 + 6e6 * spread)};
        out.push_back(machine);
    }
    return out;
}

void ScriptedMaster::report(std::size_t machine, int turn) {
    ScriptMachine& one = machines[machine];
    one.lastSeenMs += 30'000;
    for (ScriptAgent& agent : one.agents) {
        agent.rssBytes += static_cast<std::uint64_t>((turn * 37) % 11) * 90'000;
        agent.cpuCentipercent = static_cast<std::uint32_t>(20 + (turn * 29) % 40);
    }
    m_fakes.fleet.machineWatch.tell(m_script.delta({one}));
}

void ScriptedMaster::answerReleases() {
    FakeReleases& fake = m_fakes.releases;
    fake.listCalls.automatic = [this](const services::ReleaseQuery&) {
        return services::Page<services::ReleaseInfo>{releases, {}};
    };
    fake.releaseWatch.opened = [this](const std::string& id) {
        for (const services::ReleaseInfo& release : releases) {
            if (release.release.id == id) m_fakes.releases.releaseWatch.tell(release);
        }
    };
    fake.machineCalls.automatic = [this](const services::ReleaseMachinesQuery& query) {
        if (query.outcome == Outcome::Ok)
            return services::Page<services::ReleaseMachine>{measuredMachines(), {}};
        std::vector<services::ReleaseMachine> out = releaseMachines();
        const auto isOther = [&query](const services::ReleaseMachine& machine) {
            return query.outcome && machine.outcome != *query.outcome;
        };
        out.erase(std::remove_if(out.begin(), out.end(), isOther), out.end());
        return services::Page<services::ReleaseMachine>{std::move(out), {}};
    };
    fake.timelineCalls.automatic = [this](const std::string&) {
        services::Page<services::TimelineEntry> page;
        page.items = {{m_now - 8min, "halted", "", releases.front().release.haltReason},
                      {m_now - 13min, "gray opened", "", "6 machines"},
                      {m_now - 13min, "started", "wang", "collector rewrite, OPS-2219"},
                      {m_now - 14min, "created", "wang", "collector rewrite, OPS-2219"}};
        return page;
    };
    fake.createCalls.automatic = [this](const FakeReleases::Spec& spec) {
        services::ReleaseInfo draft;
        draft.release.id = "draft";
        draft.release.number = 872;
        draft.release.spec = spec.first;
        draft.release.created = m_now;
        return draft;
    };
    fake.planCalls.automatic = [this](const std::string& id) { return plan(id); };
}

}  // namespace ifrit::tests
