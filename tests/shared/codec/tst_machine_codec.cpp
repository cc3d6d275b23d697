// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <functional>
#include <string>

#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/codec/machine_codec.h"
#include "shared/domain/names.h"

namespace ifrit::codec {
namespace {

domain::AgentReport aReport() {
    domain::AgentReport report;
    report.agent = "node-exporter";
    report.runningVersion = "1.5.0";
    report.runningDigest = std::string(64, '1');
    report.desiredVersion = "1.6.0";
    report.desiredDigest = std::string(64, '2');
    report.releaseId = "r-1";
    report.state = domain::MachineState::Reverted;
    report.step = "watching 00:41 of 02:00";
    report.attempt = 3;
    report.pid = 4711;
    report.restarts = 2;
    report.crashLooping = true;
    report.since = base::fromUnixMillis(1'700'000'000'000);
    report.nextRetry = base::fromUnixMillis(1'700'000'060'000);
    report.lastError = domain::AgentError{"PROBE_FAILED", "refused \xF0\x9F\x94\xA5", "watch", 3,
                                          base::fromUnixMillis(1'700'000'000'500)};
    report.sample = {12.34, 20'000'000};
    report.integrity = domain::Integrity::Repaired;
    report.integrityNote = "repaired: 1 changed: bin/app";
    report.knownBad = {std::string(64, '2')};
    return report;
}

domain::MachineFacts someFacts() {
    return {"m-1",     "LINUX", "acme", {{"zone", "b"}}, "10.0.0.1",
            "host-17", "6.1.0", "2.36", "x86_64",        "0.1.0"};
}

}  // namespace

class TestMachineCodec : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void reportRoundTrips() {
        const auto back = fromWire(toWire(aReport()));
        QVERIFY2(back.ok(), back.status().ToString().c_str());
        QVERIFY(*back == aReport());
    }

    void factsRoundTrip() {
        const auto back = fromWire(toWire(someFacts()), "m-1");
        QVERIFY2(back.ok(), back.status().ToString().c_str());
        QVERIFY(*back == someFacts());
    }

    void uuidIsTheCallersNotTheMessages() {
        const auto back = fromWire(toWire(someFacts()), "m-2");
        QVERIFY(back.ok());
        QCOMPARE(back->uuid, std::string("m-2"));
        QVERIFY(!fromWire(toWire(someFacts()), "m/../2").ok());
    }

    void aNewerMachinesStateIsUnknownNotAnError() {
        v1::AgentReport report = toWire(aReport());
        report.set_state(static_cast<v1::MachineState>(99));
        const auto back = fromWire(report);
        QVERIFY(back.ok());
        QVERIFY(back->state == domain::MachineState::Unknown);
    }

    void refusesBadReports_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < 7; ++i)
            QTest::addRow("case %d", i) << i;
    }
    void refusesBadReports() {
        using Change = std::function<void(v1::AgentReport&)>;
        static const Change kChanges[] = {
            [](auto& r) { r.set_agent(""); },
            [](auto& r) { r.set_step(std::string(kMaxStepBytes + 1, 'x')); },
            [](auto& r) { r.set_step(std::string("a\0b", 3)); },
            [](auto& r) { r.set_running_digest("x"); },
            [](auto& r) { r.mutable_last_error()->set_message(std::string(65'536, 'x')); },
            [](auto& r) {
                for (std::size_t i = 0; i <= kMaxKnownBad; ++i)
                    r.add_known_bad("x");
            },
            [](auto& r) { r.add_known_bad("x"); },
        };
        QFETCH(int, index);
        v1::AgentReport report = toWire(aReport());
        kChanges[index](report);
        QCOMPARE(fromWire(report).status().code(), absl::StatusCode::kInvalidArgument);
    }

    void refusesBadFacts() {
        v1::MachineFacts facts = toWire(someFacts());
        facts.set_machine_type("linux");
        QVERIFY(!fromWire(facts, "m-1").ok());
        facts = toWire(someFacts());
        for (std::size_t i = 0; i <= domain::kMaxLabels; ++i) {
            (*facts.mutable_labels())[std::to_string(i)] = "v";
        }
        QVERIFY(!fromWire(facts, "m-1").ok());
    }
};

}  // namespace ifrit::codec

QTEST_GUILESS_MAIN(ifrit::codec::TestMachineCodec)
#include "tst_machine_codec.moc"
