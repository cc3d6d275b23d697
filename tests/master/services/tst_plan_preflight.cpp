// SPDX-License-Identifier: Apache-2.0
// A plan names who would refuse, as far as reports and manifests say.
#include <QTest>

#include "shared/base/status.h"
#include "shared/package/manifest_toml.h"
#include "tests/master/services/release_engine_fixture.h"
#include "tests/shared/package/a_manifest.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::MachineState;

namespace {

const std::string kMetrics(64, 'm');

domain::Manifest manifestOf(const std::string& agent, const std::string& version) {
    domain::Manifest out = ifrit::package::aManifest();
    out.name = agent;
    out.version = version;
    out.machineTypes = {"LINUX"};
    out.preflight = {};
    return out;
}

void publish(storage::MemoryDatabase& database, const domain::Manifest& manifest,
             const std::string& digest) {
    PackageRecord record = services::logdPackage(manifest.version, digest);
    record.agent = manifest.name;
    record.manifest = ifrit::package::writeManifest(manifest);
    database.state.packages[digest] = record;
}

domain::AgentReport running(const std::string& agent, const std::string& digest,
                            MachineState state = MachineState::Healthy) {
    domain::AgentReport out;
    out.agent = agent;
    out.runningVersion = digest.empty() ? "" : "1";
    out.runningDigest = digest;
    out.state = state;
    return out;
}

}  // namespace

class TestPlanPreflight : public QObject {
    Q_OBJECT

private:
    static StoredMachine& machine(storage::MemoryDatabase& database, const char* uuid) {
        StoredMachine& out = database.state.machines.at(uuid);
        out.facts.kernel = "6.1.0";
        out.facts.libc = "glibc 2.36";
        return out;
    }
    /// Of a draft of logd 2: "m1 PREFLIGHT_KERNEL".
    static std::vector<std::string> refusals(const std::shared_ptr<storage::MemoryDatabase>& in,
                                             const domain::ReleaseSpec& wanted = spec("2")) {
        Master master(in);
        const auto made = master.engine.create(kAda, wanted).value();
        const release::Plan plan = master.engine.plan(made.release.id).value();
        std::vector<std::string> out;
        for (const auto& refusal : plan.refusals)
            out.push_back(refusal.uuid + " " + refusal.reason);
        return out;
    }

private Q_SLOTS:
    void whatTheFactsSay() {
        const auto database = cluster(4);
        auto manifest = manifestOf("logd", "2");
        manifest.preflight.minKernel = "5.10";
        manifest.preflight.minGlibc = "2.31";
        publish(*database, manifest, kV2);
        machine(*database, "m0");
        machine(*database, "m1").facts.kernel = "5.4.0-150-generic";
        machine(*database, "m2").facts.libc = "musl 1.2";
        // m3 has joined and told nothing.
        QCOMPARE(refusals(database),
                 (std::vector<std::string>{"m1 PREFLIGHT_KERNEL", "m2 PREFLIGHT_LIBC"}));
        // Who runs it has nothing to refuse, nor is there anything to refuse in an uninstall.
        database->state.machines.at("m1").agents = {running("logd", kV2)};
        QCOMPARE(refusals(database), (std::vector<std::string>{"m2 PREFLIGHT_LIBC", "m1 ALREADY"}));
        auto leaves = spec("");
        leaves.action = domain::DesiredAction::Uninstall;
        for (const std::string& said : refusals(database, leaves))
            QVERIFY2(said.find("PREFLIGHT") == std::string::npos, said.c_str());
    }

    void whatIsBesideIt_data() {
        QTest::addColumn<bool>("ours");
        QTest::newRow("its manifest names the other") << true;
        QTest::newRow("the other's manifest names it") << false;
    }
    void whatIsBesideIt() {
        QFETCH(const bool, ours);
        const auto database = cluster(4);
        auto logd = manifestOf("logd", "2");
        auto metrics = manifestOf("metrics", "1");
        if (ours)
            logd.preflight.conflicts = {"metrics"};
        else
            metrics.preflight.conflicts = {"logd"};
        publish(*database, logd, kV2);
        publish(*database, metrics, kMetrics);
        machine(*database, "m0").agents = {running("metrics", kMetrics)};
        auto arrives = running("metrics", "", MachineState::Installing);
        arrives.desiredDigest = kMetrics;
        machine(*database, "m1").agents = {arrives};
        // It could not come, and so is not there.
        auto failed = arrives;
        failed.state = MachineState::Failed;
        machine(*database, "m2").agents = {failed};
        QCOMPARE(refusals(database),
                 (std::vector<std::string>{"m0 PREFLIGHT_CONFLICT", "m1 PREFLIGHT_CONFLICT"}));
    }

    void whatALaterPackageWithdrew() {
        const auto database = cluster(3);
        auto later = manifestOf("logd", "1");
        later.index = 20;
        later.withdrawsBelow = 20;
        publish(*database, later, kV1);
        publish(*database, manifestOf("logd", "2"), kV2);  // its index is 17
        machine(*database, "m0").agents = {running("logd", kV1)};
        // It has not proved itself yet.
        machine(*database, "m1").agents = {running("logd", kV1, MachineState::Watching)};
        QCOMPARE(refusals(database), std::vector<std::string>{"m0 PACKAGE_WITHDRAWN"});
    }

    void theProbationCounts() {
        const auto database = cluster(1);
        auto manifest = manifestOf("logd", "2");
        manifest.probation = std::chrono::minutes(20);
        publish(*database, manifest, kV2);
        Master master(database);
        auto wanted = spec("2");
        wanted.machineDeadline = std::chrono::minutes(10);
        const auto made = master.engine.create(kAda, wanted).value();
        const auto plan = master.engine.plan(made.release.id).value();
        QVERIFY(plan.expectedDuration > std::chrono::minutes(20));
        QCOMPARE(plan.notes,
                 std::vector<std::string>{
                     "a machine has to stay well for 20 min, and its deadline is 10 min: "
                     "machines will time out"});
    }

    // A package never changes: the second plan asks the database for none of them.
    void manifestsAreReadOnce() {
        const auto database = cluster(1);
        publish(*database, manifestOf("logd", "2"), kV2);
        KnownManifests manifests;
        const auto found = [&] {
            std::shared_ptr<const domain::Manifest> out;
            const auto read = database->read([&](storage::Transaction& in) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(out, manifests.find(in, kV2));
                return absl::OkStatus();
            });
            return read.ok() ? out : nullptr;
        };
        const auto first = found();
        QCOMPARE(first->name, std::string("logd"));
        QVERIFY(first->files.empty());
        database->state.packages.clear();
        QCOMPARE(found(), first);
    }
};

QTEST_GUILESS_MAIN(TestPlanPreflight)
#include "tst_plan_preflight.moc"
