// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/played_cluster.h"
#include "tests/master/support/whole_release.h"

#include <absl/synchronization/notification.h>

#include <algorithm>
#include <stdexcept>

#include "master/cache/memory_cache.h"
#include "master/release/verbs.h"
#include "shared/base/status.h"
#include "shared/package/manifest_toml.h"
#include "tests/support/test_manifest.h"

namespace ifrit::tests {
namespace {

using namespace master;
using std::chrono::seconds;

constexpr char kAgent[] = "logd";
const services::Caller kAda{"ada", "[::1]:1", "test", "", "because"};

void orThrow(const absl::Status& status) {
    if (!status.ok()) throw std::runtime_error(status.ToString());
}

std::string digestOf(const std::string& version) {
    return std::string(64, version[0]);
}

storage::PackageRecord packageOf(const std::string& version) {
    storage::PackageRecord out;
    out.agent = kAgent;
    out.version = version;
    out.machineTypes = {"LINUX"};
    out.manifestDigest = digestOf(version);
    out.archiveDigest = digestOf("a");
    out.archiveBytes = 1'000;
    out.keyId = "key";
    out.publishedBy = "ada";
    domain::Manifest manifest = manifestOf(kAgent, version, version);
    manifest.archiveSha256 = out.archiveDigest;
    manifest.archiveSizeBytes = out.archiveBytes;
    out.manifest = package::writeManifest(manifest);
    out.signature = "s";
    return out;
}

domain::MachineFacts factsOf(const std::string& uuid) {
    domain::MachineFacts out;
    out.uuid = uuid;
    out.machineType = "LINUX";
    return out;
}

}  // namespace

PlayedCluster::PlayedCluster(storage::sql::SqlDatabase::Options options, int count,
                             release::ClusterRules rules, std::chrono::milliseconds pollInterval,
                             std::unique_ptr<cache::StateCache> cache)
    : m_database(storage::sql::SqlDatabase::open(std::move(options), base::SystemClock()).value()),
      m_pollInterval(pollInterval),
      m_cache(cache ? std::move(cache) : std::make_unique<cache::MemoryCache>()) {
    orThrow(m_database->transact([&](storage::Transaction& in) -> absl::Status {
        for (const char* version : {"1", "2"})
            IFRIT_RETURN_IF_ERROR(in.packages().put(packageOf(version)));
        for (int i = 0; i < count; ++i)
            IFRIT_RETURN_IF_ERROR(
                in.machines().enrol(factsOf("m" + std::to_string(i)), clock.now()));
        return absl::OkStatus();
    }));
    for (int i = 0; i < count; ++i) {
        machines.push_back(std::make_unique<Machine>());
        machines.back()->uuid = "m" + std::to_string(i);
    }
    serve();
    domain::ReleaseSpec first;
    first.agent = kAgent;
    first.version = "1";
    first.machineTypes = {"LINUX"};
    const std::string id = start(first);
    pollAll();
    advance(seconds(1));
    if (state(id) != domain::ReleaseState::Done) throw std::runtime_error("1 is not settled");
    for (const auto& machine : machines)
        machine->permits = 0;
    m_rules = std::move(rules);
    restart();
}

PlayedCluster::~PlayedCluster() {
    m_services->stop();
}

void PlayedCluster::serve() {
    services::ClusterServices::Parts parts{
        *m_database, m_trail, *m_cache, clock, m_packages.path().toStdString(), {4, 64, 1}};
    parts.rules = m_rules;
    parts.pollInterval = m_pollInterval;
    parts.freezeFile = m_packages.filePath(QStringLiteral("frozen.toml")).toStdString();
    m_services = std::make_unique<services::ClusterServices>(parts);
    orThrow(m_services->start());
}

void PlayedCluster::restart() {
    m_services->stop();
    m_services.reset();
    serve();
}

void PlayedCluster::advance(std::chrono::milliseconds by) {
    // A master that runs ticks all the time; in one step it would have slept.
    constexpr std::chrono::milliseconds kTick{30'000};
    const bool isShort = by <= std::chrono::hours(1);
    while (isShort && by > kTick) {
        clock.advance(kTick);
        m_services->tick();
        by -= kTick;
    }
    clock.advance(by);
    m_services->tick();
    orThrow(m_services->composer().composeNow());
}

PlayedCluster::Machine& PlayedCluster::enrol(const std::string& uuid) {
    orThrow(m_database->transact(
        [&](storage::Transaction& in) { return in.machines().enrol(factsOf(uuid), clock.now()); }));
    m_services->fleet().enrol(factsOf(uuid), clock.now());
    m_services->engine().onJoined(*m_services->fleet().find(uuid));
    machines.push_back(std::make_unique<Machine>());
    machines.back()->uuid = uuid;
    return *machines.back();
}

void PlayedCluster::learn(Machine& machine) {
    services::SyncQuestion question;
    question.uuid = machine.uuid;
    question.heldGeneration = machine.generation;
    question.heldEtag = machine.etag;
    services::MachineReport report;
    report.streamId = "s";
    report.seq = ++machine.seq;
    report.full = true;
    domain::AgentReport agent;
    agent.agent = kAgent;
    agent.runningVersion = machine.version;
    agent.runningDigest = machine.version.empty() ? "" : digestOf(machine.version);
    agent.state = machine.reverted          ? domain::MachineState::Reverted
                  : machine.version.empty() ? domain::MachineState::Unmanaged
                                            : domain::MachineState::Healthy;
    if (machine.fate == Fate::RunsBadly && machine.version == "2") {
        agent.state = domain::MachineState::Failed;
        agent.crashLooping = true;
    }
    if (machine.fate == Fate::CrashLoops && machine.version == "2") {
        // As it says while it wants another version.
        agent.state = domain::MachineState::WaitingPermit;
        agent.runningVersion = agent.runningDigest = "";
        agent.crashLooping = true;
        agent.restarts = 4;
    }
    const auto entries = domain::chosenEntries(machine.desired);
    if (!entries.empty()) agent.releaseId = entries[0].releaseId;
    if (machine.reverted) {
        agent.knownBad = {digestOf("2")};
        agent.lastError = domain::AgentError{"PROBE_FAILED", "no answer", "probe", 1, {}};
    }
    report.agents = {agent};
    question.report = std::move(report);
    absl::Notification done;
    m_services->sync().sync(std::move(question), [&](absl::StatusOr<services::SyncAnswer> a) {
        if (a.ok() && a->desired) {
            machine.generation = a->desired->generation;
            machine.etag = a->desired->etag;
            machine.desired = a->desired->state();
        }
        done.Notify();
    });
    done.WaitForNotification();
}

bool PlayedCluster::poll(Machine& machine) {
    if (machine.away) return false;
    learn(machine);
    const auto wanted = domain::chosenEntries(machine.desired);
    if (wanted.empty() || wanted[0].version == machine.version) return false;
    machine.told = machine.told || wanted[0].version == "2";
    if (machine.reverted && wanted[0].version == "2") return false;
    if (!ask(machine).granted) return false;
    ++machine.permits;
    if (wanted[0].version == "2" && machine.fate == Fate::FallsSilent) {
        machine.away = true;
        return true;
    }
    if (wanted[0].version == "2" && machine.fate == Fate::Reverts)
        machine.reverted = true;
    else
        machine.version = wanted[0].version;
    if (wanted[0].version == "2" && machine.fate == Fate::SilentOnTheNew) {
        machine.away = true;
        return true;
    }
    learn(machine);
    return true;
}

release::PermitAnswer PlayedCluster::ask(Machine& machine) {
    const auto wanted = domain::chosenEntries(machine.desired);
    if (wanted.empty()) return {};
    const auto answer = m_services->engine().permit(
        {machine.uuid, kAgent, wanted[0].releaseId, wanted[0].version, wanted[0].manifestDigest});
    machine.refusal = answer.reason;
    machine.retryAfter = answer.retryAfter;
    return answer;
}

int PlayedCluster::pollAll() {
    orThrow(m_services->composer().composeNow());
    int permits = 0;
    for (const auto& machine : machines)
        permits += poll(*machine) ? 1 : 0;
    return permits;
}

int PlayedCluster::permitsGiven() {
    int out = 0;
    for (const auto& machine : machines) {
        const auto wanted = domain::chosenEntries(machine->desired);
        if (machine->away || wanted.empty() || wanted[0].version == machine->version) continue;
        out += ask(*machine).granted ? 1 : 0;
    }
    return out;
}

domain::ReleaseSpec PlayedCluster::staged() {
    domain::ReleaseSpec out;
    out.agent = kAgent;
    out.version = "2";
    out.machineTypes = {"LINUX"};
    out.gray.uuids = {"m0", "m1"};
    out.pilot.count = 2;
    out.batches.enabled = true;
    out.batches.interval = seconds(20);
    out.soak = seconds(60);
    out.autoVerify = true;
    out.machineDeadline = seconds(600);
    for (const auto kind :
         {domain::GateKind::Bad, domain::GateKind::Failed, domain::GateKind::Silent})
        out.gates.rules.push_back({kind, {}, {0, 0, 1}});
    return out;
}

std::string PlayedCluster::start(const domain::ReleaseSpec& spec) {
    auto& engine = m_services->engine();
    const auto draft = engine.create(kAda, spec);
    orThrow(draft.status());
    const auto plan = engine.plan(draft->release.id);
    orThrow(plan.status());
    orThrow(engine.act(kAda, draft->release.id, domain::ReleaseVerb::Start, plan->id).status());
    orThrow(m_services->composer().composeNow());
    return draft->release.id;
}

void PlayedCluster::act(const std::string& id, domain::ReleaseVerb verb) {
    orThrow(m_services->engine().act(kAda, id, verb, "").status());
    orThrow(m_services->composer().composeNow());
}

release::Model PlayedCluster::model(const std::string& id) {
    return wholeOf(m_services->engine(), id).value();
}

bool PlayedCluster::openStage(const std::string& id, std::size_t index) {
    for (int round = 0; round < 200; ++round) {
        const auto now = model(id);
        if (now.stageIndex >= index) return now.stageIndex == index;
        pollAll();
        advance(seconds(5));
    }
    return false;
}

int PlayedCluster::running(const std::string& version) const {
    return static_cast<int>(std::count_if(machines.begin(), machines.end(),
                                          [&](const auto& m) { return m->version == version; }));
}

}  // namespace ifrit::tests
