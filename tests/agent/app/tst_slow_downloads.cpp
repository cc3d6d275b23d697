// SPDX-License-Identifier: Apache-2.0
// FAULTS.md A8 on a whole machine: downloads that do not end leave other agents alone.
#include <QTemporaryDir>
#include <QTest>

#include "tests/agent/integrity/driven_machine.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

class SlowDownloadsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFailedProbationIsRevertedBesideThem() {
        QTemporaryDir directory;
        const std::string base = directory.path().toStdString();
        PackageFactory packages(base + "/packages", MISBEHAVING_AGENT);
        packages.trustOn(base + "/root");
        DrivenMachine driven(base + "/root", base + "/packages", {});
        const TestPackage first = packages.make("1", "hang");
        driven.want(first);
        QVERIFY(driven.turnUntil(
            [&] { return driven.report().state == domain::MachineState::Healthy; }));

        // The next version is downloaded, and waits for its permit.
        const TestPackage second = packages.make("2", "exit 1");
        std::atomic<bool> granted{false};
        driven.master().permit = [&](const agent::link::PermitRequest&) {
            return agent::link::PermitReply{granted, std::chrono::seconds(60), "", "",
                                            std::chrono::seconds(1)};
        };
        driven.want(second);
        QVERIFY(driven.turnUntil([&] { return driven.master().permitsAsked > 1; }));

        std::atomic<bool> slow{true};
        std::atomic<int> blocked{0};
        driven.master().alterArchive = [&](std::string&) {
            ++blocked;
            waitUntil([&] { return !slow; }, std::chrono::seconds(60));
        };
        std::vector<TestPackage> all{second};
        for (const char* name : {"a", "b", "c", "d"}) {
            packages.agent = name;
            // An archive of its own, or there would be nothing to download.
            const std::filesystem::path files = packages.sourceOf("1") / "files";
            std::filesystem::create_directories(files);
            std::ofstream(files / "name") << name;
            all.push_back(packages.make("1", "hang"));
        }
        driven.want(all);
        QVERIFY(driven.turnUntil([&] { return blocked >= 2; }));
        granted = true;
        const auto record = [&] { return driven.machine().journal->agent("exporter"); };
        const bool reverted = driven.turnUntil([&] {
            return record().isKnownBad(second.digest) && !record().step &&
                   record().current->digest == first.digest;
        });
        const int meanwhile = blocked;
        slow = false;
        // And they go on afterwards.
        int installed = 0;
        (void)driven.turnUntil([&] {
            installed = 0;
            for (const char* name : {"a", "b", "c", "d"})
                installed += driven.machine().journal->agent(name).current ? 1 : 0;
            return installed == 4;
        });
        printFaultRow("A8", "downloads that stand still", installed + (reverted ? 1 : 0), 5,
                      "agents: one was put back meanwhile, the others were installed afterwards");
        QVERIFY(reverted);
        QCOMPARE(meanwhile, 2);
        QCOMPARE(installed, 4);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::SlowDownloadsTest;
QTEST_GUILESS_MAIN(SlowDownloadsTest)
#include "tst_slow_downloads.moc"
