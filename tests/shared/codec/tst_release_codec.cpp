// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <functional>
#include <string>

#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/codec/release_codec.h"

namespace ifrit::codec {
namespace {

domain::ReleaseSpec aSpec() {
    domain::ReleaseSpec spec;
    spec.agent = "node-exporter";
    spec.version = "1.6.0";
    spec.machineTypes = {"LINUX", "CONTAINER"};
    spec.gray = {{"m-1", "m-2"}, "acme", {{"zone", "b"}}};
    spec.soak = std::chrono::minutes(10);
    spec.machineDeadline = std::chrono::minutes(5);
    spec.autoVerify = true;
    spec.pilot = {5, 2};
    spec.batches.enabled = true;
    spec.batches.interval = std::chrono::minutes(3);
    spec.batches.advance = domain::BatchAdvance::Promote;
    spec.batches.order = {2, 1};
    spec.maxInFlight = 9;
    spec.gates.rules = {{domain::GateKind::Silent, domain::StageKind::Batch, {10, 3, 7}},
                        {domain::GateKind::Bad, {}, {1, 0, 1}}};
    spec.gates.cost = {true, 30, 1.5, 1'000'000, 8};
    spec.gates.stageCosts = {{domain::StageKind::Full, {true, 20, 1, 500'000, 9}},
                             {domain::StageKind::Gray, {false, 30, 1.5, 1'000'000, 8}}};
    spec.approvalRequired = true;
    spec.windows = {"Asia/Shanghai",
                    {domain::parseWeeklyWindow("Mon-Fri 22:00-04:00").value()},
                    {domain::parseDateRange("2026-12-24..2027-01-02").value()}};
    spec.lateJoinersPerMinute = 12;
    spec.downloadRate = 2'000'000;
    return spec;
}

domain::Release aRelease() {
    domain::Release release;
    release.id = "r-1";
    release.number = 871;
    release.spec = aSpec();
    release.state = domain::ReleaseState::Halted;
    release.stage = domain::StageKind::Batch;
    release.batch = 2;
    release.haltReason = "2 of 2 failed";
    release.createdBy = "wang";
    release.reason = "OPS-2219";
    release.planId = "p";
    release.approval = {"bob", base::fromUnixMillis(1'700'000'000'500), "p", "seen"};
    release.revision = 12;
    release.lastChange = {11, "halted", "", base::fromUnixMillis(1'700'000'002'500)};
    release.historyRemoval = {base::fromUnixMillis(1'800'000'000'000), 4'003,
                              base::fromUnixMillis(1'800'000'000'500)};
    release.created = base::fromUnixMillis(1'700'000'000'000);
    release.started = base::fromUnixMillis(1'700'000'001'000);
    domain::StageCounts gray;
    gray.kind = domain::StageKind::Gray;
    gray.targeted = 2;
    gray.outcomes = {{domain::Outcome::Reverted, 2}};
    gray.bad = {{domain::GateKind::CrashLooping, 1}, {domain::GateKind::Failed, 1}};
    gray.offline = 1;
    gray.inFlight = 3;
    gray.opened = release.started;
    gray.soakUntil = base::fromUnixMillis(1'700'000'601'000);
    release.stages = {gray};
    release.previousVersions = {{"LINUX", "1.5.0"}};
    release.endedApproval =
        domain::Approval{"eve", base::fromUnixMillis(1'700'000'001'500), "p0", "seen"};
    return release;
}

}  // namespace

class TestReleaseCodec : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void roundTrips() {
        const auto back = fromWire(toWire(aRelease()));
        QVERIFY2(back.ok(), back.status().ToString().c_str());
        QVERIFY(*back == aRelease());
    }

    void everyEnumeratorRoundTrips() {
        for (int i = 0; i < 10; ++i) {
            const auto verb = static_cast<domain::ReleaseVerb>(i);
            QVERIFY(*fromWire(toWire(verb)) == verb);
        }
        for (int i = 0; i < 8; ++i) {
            const auto state = static_cast<domain::ReleaseState>(i);
            const auto outcome = static_cast<domain::Outcome>(i);
            QVERIFY(*fromWire(toWire(state)) == state);
            QVERIFY(*fromWire(toWire(outcome)) == outcome);
        }
        QVERIFY(!fromWire(v1::RELEASE_VERB_UNSPECIFIED).ok());
        QVERIFY(!fromWire(static_cast<v1::ReleaseVerb>(11)).ok());
        QVERIFY(!fromWire(v1::LEVEL_UNSPECIFIED).ok());
        QVERIFY(!fromWire(static_cast<v1::Level>(4)).ok());
    }

    void aMachineTypeIsThereOnce() {
        v1::ReleaseSpec spec = toWire(aSpec());
        spec.clear_machine_types();
        for (const char* type : {"LINUX", "ARM64", "LINUX", "LINUX"})
            spec.add_machine_types(type);
        QCOMPARE(fromWire(spec)->machineTypes, (std::vector<std::string>{"LINUX", "ARM64"}));
    }

    void refusesBadSpecs_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < 22; ++i)
            QTest::addRow("case %d", i) << i;
    }
    void refusesBadSpecs() {
        using Change = std::function<void(v1::ReleaseSpec&)>;
        static const Change kChanges[] = {
            [](auto& s) { s.set_agent("Node Exporter"); },
            [](auto& s) { s.set_version(""); },
            [](auto& s) { s.clear_machine_types(); },
            [](auto& s) { s.add_machine_types("linux"); },
            [](auto& s) { s.set_action(v1::DESIRED_ACTION_UNSPECIFIED); },
            [](auto& s) { s.set_action(v1::DESIRED_ACTION_UNINSTALL); },
            [](auto& s) { s.set_soak_ms(31ULL * 24 * 3600 * 1000); },
            [](auto& s) { s.mutable_gray()->add_uuids("'; drop table"); },
            [](auto& s) {
                for (std::size_t i = 0; i <= kMaxGrayUuids; ++i)
                    s.mutable_gray()->add_uuids("m");
            },
            [](auto& s) { s.mutable_pilot()->set_percent(101); },
            [](auto& s) { s.mutable_batches()->set_interval_ms(31ULL * 24 * 3600 * 1000); },
            [](auto& s) { s.mutable_gates()->mutable_rules(0)->set_kind(v1::GATE_KIND_COST); },
            [](auto& s) { s.mutable_gates()->mutable_rules(0)->set_percent(101); },
            [](auto& s) { *s.mutable_gates()->add_rules() = s.gates().rules(0); },
            [](auto& s) { s.mutable_gates()->mutable_cost()->set_min_sample(4); },
            [](auto& s) { s.mutable_windows()->set_time_zone("../zone"); },
            [](auto& s) { s.mutable_windows()->mutable_weekly(0)->add_days(8); },
            [](auto& s) { s.mutable_windows()->mutable_weekly(0)->set_to_minute(1441); },
            [](auto& s) { s.mutable_windows()->mutable_blackouts(0)->set_last("2026-02-30"); },
            [](auto& s) { s.set_late_joiners_per_minute(1'000'001); },
            [](auto& s) { s.set_download_rate(65'535); },
            [](auto& s) { s.set_download_rate((1ULL << 40U) + 1); },
        };
        QFETCH(int, index);
        v1::ReleaseSpec spec = toWire(aSpec());
        kChanges[index](spec);
        QCOMPARE(fromWire(spec).status().code(), absl::StatusCode::kInvalidArgument);
    }
};

}  // namespace ifrit::codec

QTEST_GUILESS_MAIN(ifrit::codec::TestReleaseCodec)
#include "tst_release_codec.moc"
