// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/status.h"
#include "tests/fault/masters_cluster.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::tests;

namespace {

const std::string kTaken = "taken";
const std::string kRefused = "CLONED_IDENTITY";

}  // namespace

/// Row D8 across masters: two machines with one certificate, and what looks like it. Two real
/// masters over one database.
class TestCopiedMachines : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        // An ended run is one that is silent for three polls.
        m_cluster =
            std::make_unique<MastersCluster>(QString(), std::string(), std::chrono::seconds(2));
        QVERIFY(QTest::qWaitFor([this] { return m_cluster->leader() < 2; }, kPatience));
    }
    void cleanupTestCase() {
        printFaultRow("D8", "a copied machine, a restart, a change of masters", m_held, m_tried,
                      "answers of two masters");
        m_cluster.reset();
    }

    void aCopyAtTheOtherMasterIsRefused_data();
    void aCopyAtTheOtherMasterIsRefused();
    void whoSaysThatItMovedIsRefusedAlsoWhereItCameFirst();
    void restartsAndChangesOfMastersAreNot();
    void aNewMachineIsKnownAtOnceByTheOtherMaster();
    void theKeptOnesMasterIsKilled();

private:
    void hold(const std::string& answer, const std::string& expected) {
        ++m_tried;
        m_held += answer == expected ? 1 : 0;
        QCOMPARE(QString::fromStdString(answer), QString::fromStdString(expected));
    }
    /// Both poll, each at its master, until the second one is refused; the first one never is.
    void untilRefused(ObeyingMachine& kept, std::size_t keptAt, ObeyingMachine& copy,
                      std::size_t copyAt) {
        bool isRefused = false;
        const bool ended = QTest::qWaitFor(
            [&] {
                if (kept.poll(keptAt) != kTaken) return true;
                isRefused = copy.poll(copyAt) == kRefused;
                return isRefused;
            },
            kPatience);
        ++m_tried;
        m_held += ended && isRefused ? 1 : 0;
        QVERIFY2(ended && isRefused, "the wrong one is refused, or nobody");
    }
    bool isToldOf(const std::string& uuid, std::uint64_t instance) {
        std::vector<master::storage::PresenceRecord> rows;
        (void)m_cluster->database().read([&](master::storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(rows, in.presences().findAll({uuid}));
            return absl::OkStatus();
        });
        return std::any_of(rows.begin(), rows.end(),
                           [=](const auto& row) { return row.instance == instance; });
    }
    int refusalsOf(const std::string& uuid) {
        int out = 0;
        (void)m_cluster->database().read([&](master::storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto rows, in.audit().list({}, 0, 10'000));
            for (const auto& row : rows)
                out += row.entry.verb == "machine.sync" && row.entry.object == uuid ? 1 : 0;
            return absl::OkStatus();
        });
        return out;
    }

    std::unique_ptr<MastersCluster> m_cluster;
    int m_held = 0;
    int m_tried = 0;
};

void TestCopiedMachines::aCopyAtTheOtherMasterIsRefused_data() {
    QTest::addColumn<bool>("isAtLeader");
    QTest::newRow("the original at the leader") << true;
    QTest::newRow("the copy at the leader") << false;
}

void TestCopiedMachines::aCopyAtTheOtherMasterIsRefused() {
    QFETCH(bool, isAtLeader);
    const std::size_t at = isAtLeader ? m_cluster->leader() : m_cluster->follower();
    const std::string uuid = isAtLeader ? "copied-1" : "copied-2";
    const auto original = m_cluster->enrol(uuid, at);
    original->runAs(1'000);
    QCOMPARE(original->poll(at), kTaken);
    QVERIFY(QTest::qWaitFor([&] { return isToldOf(uuid, 1'000); }, kPatience));
    ObeyingMachine copy = *original;  // with the certificate, as a copied disk has it
    copy.runAs(2'000);
    untilRefused(*original, at, copy, 1 - at);
    QVERIFY(QTest::qWaitFor([&] { return refusalsOf(uuid) > 0; }, kPatience));
    // Wherever either of them goes from now on.
    for (int i = 0; i < 3; ++i) {
        for (const std::size_t master : {at, 1 - at}) {
            hold(original->poll(master), kTaken);
            hold(copy.poll(1 - at), kRefused);
        }
    }
    untilRefused(*original, 1 - at, copy, at);
}

void TestCopiedMachines::whoSaysThatItMovedIsRefusedAlsoWhereItCameFirst() {
    const auto copy = m_cluster->enrol("moved-1", 0);
    copy->runAs(1'000, true);
    QCOMPARE(copy->poll(0), kTaken);
    QVERIFY(QTest::qWaitFor([&] { return isToldOf("moved-1", 1'000); }, kPatience));
    ObeyingMachine original = *copy;
    original.runAs(2'000);
    untilRefused(original, 1, *copy, 0);
    hold(original.poll(0), kTaken);
}

/// Each run at both masters, and each is told of before the next one comes: by the one or by the
/// other master, and some before anybody was.
void TestCopiedMachines::restartsAndChangesOfMastersAreNot() {
    const auto machine = m_cluster->enrol("restless-1", 0);
    std::uint64_t instance = 1;
    for (int round = 0; round < 12; ++round) {
        machine->runAs(++instance);
        const std::size_t first = std::size_t(round / 2) % 2;
        QVERIFY(QTest::qWaitFor(
            [&] {
                hold(machine->poll(first), kTaken);
                return isToldOf("restless-1", instance);
            },
            kPatience));
        for (int i = 0; i < 6; ++i)
            hold(machine->poll((first + std::size_t(i)) % 2), kTaken);
        if (round % 3 != 0) continue;
        machine->runAs(++instance);
        for (int i = 0; i < 4; ++i)
            hold(machine->poll(1 - first), kTaken);
    }
    QCOMPARE(refusalsOf("restless-1"), 0);
}

/// The change that tells of it is read by the other master a quarter of a second later.
void TestCopiedMachines::aNewMachineIsKnownAtOnceByTheOtherMaster() {
    for (int i = 0; i < 6; ++i) {
        const auto machine = m_cluster->enrol("new-" + std::to_string(i), std::size_t(i) % 2);
        machine->runAs(1'000);
        hold(machine->poll(std::size_t(i + 1) % 2), kTaken);
    }
}

void TestCopiedMachines::theKeptOnesMasterIsKilled() {
    const auto original = m_cluster->enrol("bereaved-1", 0);
    original->runAs(1'000);
    QCOMPARE(original->poll(0), kTaken);
    QVERIFY(QTest::qWaitFor([&] { return isToldOf("bereaved-1", 1'000); }, kPatience));
    ObeyingMachine copy = *original;
    copy.runAs(2'000);
    untilRefused(*original, 0, copy, 1);
    m_cluster->killMaster(0);
    for (int i = 0; i < 5; ++i) {
        hold(original->poll(1), kTaken);
        hold(copy.poll(1), kRefused);
    }
    m_cluster->serve(0);
    original->reconnect();
    copy.reconnect();
    // The new master knows nobody yet, and soon keeps the same one.
    untilRefused(*original, 1, copy, 0);
    hold(original->poll(0), kTaken);
}

QTEST_GUILESS_MAIN(TestCopiedMachines)
#include "tst_copied_machines.moc"
