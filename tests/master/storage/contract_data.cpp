// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/contract_data.h"

namespace ifrit::master::storage {

domain::MachineFacts factsOf(const std::string& uuid) {
    domain::MachineFacts facts;
    facts.uuid = uuid;
    facts.machineType = "LINUX";
    facts.pin = "billing";
    facts.labels = {{"rack", "r1"}, {"zone", "a,b=c\"'\\"}};
    facts.address = "10.0.0.7";
    facts.hostname = "web-7";
    facts.kernel = "6.1.0";
    facts.libc = "2.36";
    facts.architecture = "x86_64";
    facts.ifritVersion = "0.1.0";
    return facts;
}

domain::AgentReport reportOfAgent(const std::string& agent, domain::MachineState state) {
    domain::AgentReport report;
    report.agent = agent;
    report.runningVersion = "1.2.3";
    report.runningDigest = std::string(64, 'a');
    report.desiredVersion = "1.2.4";
    report.desiredDigest = std::string(64, 'b');
    report.releaseId = "r-1";
    report.state = state;
    report.step = "downloading 62 %";
    report.attempt = 3;
    report.pid = 4711;
    report.restarts = 2;
    report.crashLooping = true;
    report.since = at(10);
    report.nextRetry = at(20);
    report.deadline = at(30);
    report.lastError = domain::AgentError{"PROBE_FAILED", "no answer", "probe", 2, at(5)};
    report.sample = {12.5, 34'000'000};
    report.integrity = domain::Integrity::Repaired;
    report.integrityNote = "repaired: 1 changed: bin/app";
    report.knownBad = {std::string(64, 'c'), std::string(64, 'd')};
    return report;
}

PackageRecord packageOf(const std::string& agent, const std::string& version, char mark) {
    PackageRecord package;
    package.agent = agent;
    package.version = version;
    package.machineTypes = {"CONTAINER", "LINUX"};
    package.manifestDigest = std::string(64, mark);
    package.archiveDigest = std::string(64, static_cast<char>(mark + 1));
    package.archiveBytes = 5'000'000'000;
    package.unpackedBytes = 9'000'000'000;
    package.files = 17;
    package.keyId = "0123456789abcdef";
    package.publishedBy = "alice";
    package.published = at(mark);
    package.description = "an exporter";
    package.manifest = std::string("format = 1\0\xff\x80 bytes", 19);
    package.signature = std::string(64, '\xee');
    return package;
}

release::Model releaseOf(const std::string& id, std::uint64_t number) {
    release::Model model;
    domain::Release& release = model.release;
    release.id = id;
    release.number = number;
    release.spec.agent = "exporter";
    release.spec.version = "2.0";
    release.spec.machineTypes = {"LINUX", "CONTAINER"};
    release.spec.gray.uuids = {"m-1", "m-2"};
    release.spec.gray.pin = "billing";
    release.spec.gray.labels = {{"rack", "r1"}};
    release.spec.soak = std::chrono::milliseconds(90'000);
    release.spec.machineDeadline = std::chrono::milliseconds(120'000);
    release.spec.autoVerify = true;
    release.spec.pilot = {5, 2};
    release.spec.batches.enabled = true;
    release.spec.batches.interval = std::chrono::minutes(3);
    release.spec.batches.advance = domain::BatchAdvance::Promote;
    release.spec.batches.order = {2, 1};
    release.spec.maxInFlight = 9;
    release.spec.gates.rules = {{domain::GateKind::Silent, domain::StageKind::Batch, {10, 3, 7}},
                                {domain::GateKind::Bad, {}, {1, 0, 1}}};
    release.spec.gates.cost = {true, 30, 1.5, 1'000'000, 8};
    release.spec.gates.stageCosts = {{domain::StageKind::Pilot, {false, 20, 1, 500'000, 9}}};
    release.createdBy = "alice";
    release.reason = "it is \"faster\"\nand smaller";
    release.created = at(1);
    release.revision = 17;
    return model;
}

}  // namespace ifrit::master::storage
