// SPDX-License-Identifier: Apache-2.0
#include "master/services/report_writer.h"

#include <absl/synchronization/blocking_counter.h>

#include <QTest>
#include <memory>

#include "shared/base/status.h"
#include "tests/master/support/memory_database.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

/// Reports of machines m0, m1, ... that all wait when the writer begins, so that they are one
/// group.
struct Group {
    absl::StatusOr<std::uint64_t>& operator[](int machine) {
        return answers.at(static_cast<std::size_t>(machine));
    }
    void write(int count) {
        answers.assign(static_cast<std::size_t>(count), absl::UnknownError("no answer"));
        absl::BlockingCounter open(count);
        for (int i = 0; i < count; ++i) {
            MachineReport report;
            report.uuid = "m" + std::to_string(i);
            report.streamId = "stream";
            report.seq = 7;
            writer.submit(report, [this, i, &open](absl::StatusOr<std::uint64_t> answer) {
                (*this)[i] = std::move(answer);
                open.DecrementCount();
            });
        }
        writer.start();
        open.Wait();
        writer.stop();
    }
    std::uint64_t stored(int machine) const {
        const auto found = database->state.machines.find("m" + std::to_string(machine));
        return found == database->state.machines.end() ? 0 : found->second.ackedSeq;
    }

    std::shared_ptr<storage::MemoryDatabase> database = std::make_shared<storage::MemoryDatabase>();
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
    KnownBadClears clears;
    ReportWriter writer{{*database, fleet, clears, [](const auto&) {}}};
    std::vector<absl::StatusOr<std::uint64_t>> answers;
};

}  // namespace

class TestReportWriter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void groupIsOneTransaction() {
        Group group;
        group.write(100);
        QCOMPARE(group.database->writes, 1);
        for (int i = 0; i < 100; ++i) {
            QVERIFY(group[i].ok());
            QCOMPARE(*group[i], std::uint64_t{7});
            QCOMPARE(group.stored(i), std::uint64_t{7});
        }
    }

    /// A report that no database takes is its sender's trouble, not that of all machines.
    void reportsThatCannotBeStoredHarmNoOther() {
        Group group;
        group.database->state.unstorable = {"m3", "m64", "m99"};
        group.write(100);
        for (int i = 0; i < 100; ++i) {
            const bool bad = i == 3 || i == 64 || i == 99;
            QCOMPARE(group[i].ok(), !bad);
            QCOMPARE(group.stored(i), std::uint64_t{bad ? 0U : 7U});
            if (bad) {
                QCOMPARE(group[i].status().code(), absl::StatusCode::kInvalidArgument);
                QCOMPARE(base::errorInfo(group[i].status()).reason, std::string("TEXT_INVALID"));
            }
        }
        // By halves, not one by one.
        QVERIFY2(group.database->writes < 50, std::to_string(group.database->writes).c_str());
    }

    void databaseAwayIsSaidToAllAtOnce() {
        Group group;
        group.database->down = absl::UnavailableError("locked");
        group.write(100);
        for (int i = 0; i < 100; ++i)
            QCOMPARE(group[i].status().code(), absl::StatusCode::kUnavailable);
    }
};

QTEST_GUILESS_MAIN(TestReportWriter)
#include "tst_report_writer.moc"
