// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <functional>
#include <string>

#include "shared/base/status.h"
#include "shared/codec/desired_state_codec.h"
#include "shared/codec/limits.h"

namespace ifrit::codec {
namespace {

domain::DesiredEntry anInstall() {
    domain::DesiredEntry entry;
    entry.agent = "node-exporter";
    entry.version = "1.5.0-1+b6";
    entry.manifestDigest = std::string(64, 'a');
    entry.level = domain::Level::Gray;
    entry.timestamp = base::fromUnixMillis(1'700'000'000'123);
    entry.generation = 42;
    entry.releaseId = "r-1";
    entry.source = "expect_gray_m1";
    entry.downloadRate = 2'000'000;
    return entry;
}

}  // namespace

class TestDesiredStateCodec : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void roundTrips() {
        domain::DesiredEntry uninstall = anInstall();
        uninstall.action = domain::DesiredAction::UninstallPurge;
        uninstall.version.clear();
        uninstall.manifestDigest.clear();
        for (const domain::DesiredEntry& entry : {anInstall(), uninstall}) {
            const auto back = fromWire(toWire(entry));
            QVERIFY2(back.ok(), back.status().ToString().c_str());
            QVERIFY(*back == entry);
        }
    }

    /// A newer master may let releases be slower than this machine can be.
    void aRateThatIsTooLowIsTheLeast() {
        v1::DesiredEntry wire = toWire(anInstall());
        wire.set_download_rate(1);
        QCOMPARE(fromWire(wire)->downloadRate, std::uint64_t{65'536});
        wire.clear_download_rate();
        QCOMPARE(fromWire(wire)->downloadRate, std::uint64_t{0});
    }

    void fragmentsJoinByConcatenation() {
        // What the whole serving path rests on: no message is composed per machine.
        domain::DesiredEntry other = anInstall();
        other.level = domain::Level::Full;
        const std::string joined =
            toFragment({anInstall()}).SerializeAsString() + toFragment({other}).SerializeAsString();
        v1::MachineDesiredState state;
        QVERIFY(state.mutable_fragment()->ParseFromString(joined));
        const auto decoded = fromWire(state);
        QVERIFY(decoded.ok());
        QCOMPARE(decoded->entries.size(), 2U);
        QVERIFY(decoded->entries[0] == anInstall());
        QVERIFY(decoded->entries[1] == other);
    }

    void refusesBadEntries_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < 8; ++i)
            QTest::addRow("case %d", i) << i;
    }
    void refusesBadEntries() {
        using Change = std::function<void(v1::DesiredEntry&)>;
        static const Change kChanges[] = {
            [](auto& e) { e.set_agent("../../etc"); },
            [](auto& e) { e.set_agent(std::string(65, 'a')); },
            [](auto& e) { e.set_version(""); },
            [](auto& e) { e.set_version("1\n2"); },
            [](auto& e) { e.set_manifest_digest("short"); },
            [](auto& e) { e.set_manifest_digest(""); },
            [](auto& e) { e.set_action(v1::DESIRED_ACTION_UNSPECIFIED); },
            [](auto& e) { e.set_action(v1::DESIRED_ACTION_UNINSTALL); },
        };
        QFETCH(int, index);
        v1::DesiredEntry entry = toWire(anInstall());
        kChanges[index](entry);
        const auto decoded = fromWire(entry);
        QVERIFY(!decoded.ok());
        QCOMPARE(decoded.status().code(), absl::StatusCode::kInvalidArgument);
        QVERIFY(!base::errorInfo(decoded.status()).reason.empty());
    }

    void refusesTooManyEntries() {
        v1::MachineDesiredState state;
        for (std::size_t i = 0; i <= kMaxEntriesPerMachine; ++i) {
            *state.mutable_fragment()->add_entries() = toWire(anInstall());
        }
        QCOMPARE(fromWire(state).status().code(), absl::StatusCode::kInvalidArgument);
    }
};

}  // namespace ifrit::codec

QTEST_GUILESS_MAIN(ifrit::codec::TestDesiredStateCodec)
#include "tst_desired_state_codec.moc"
