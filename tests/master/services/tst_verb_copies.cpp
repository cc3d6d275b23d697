// SPDX-License-Identifier: Apache-2.0
// What a verb costs the master that has a release of many machines in memory.
#include <QTest>
#include <memory>

#include "tests/master/services/one_of_many.h"
#include "tests/support/allocations.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::ReleaseVerb;

namespace {

constexpr std::size_t kMachines = 1'000;

/// Counts what is allocated in transactions: the database of a test copies everything in each.
class CountedDatabase final : public storage::Database {
public:
    explicit CountedDatabase(storage::Database& inner) : m_inner(inner) {}
    absl::Status transact(const Work& work) override {
        const tests::Allocations all;
        const absl::Status out = m_inner.transact(work);
        bytes += all.bytes();
        return out;
    }
    absl::Status read(const Work& work) override {
        const tests::Allocations all;
        const absl::Status out = m_inner.read(work);
        bytes += all.bytes();
        return out;
    }

    std::size_t bytes = 0;

private:
    storage::Database& m_inner;
};

}  // namespace

class TestVerbCopies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The release engine's lock is held meanwhile, in which no permit is given: a copy of a
    /// hundred thousand machines is tens of milliseconds of it.
    void aVerbCopiesTheReleaseOnce_data() {
        QTest::addColumn<int>("verb");
        QTest::newRow("pause") << static_cast<int>(ReleaseVerb::Pause);
        QTest::newRow("promote") << static_cast<int>(ReleaseVerb::Promote);
        QTest::newRow("abort") << static_cast<int>(ReleaseVerb::Abort);
        QTest::newRow("rollback") << static_cast<int>(ReleaseVerb::Rollback);
    }
    void aVerbCopiesTheReleaseOnce() {
        QFETCH(const int, verb);
        const auto shared = sharedDatabase();
        for (std::size_t i = 0; i < kMachines; ++i) {
            StoredMachine& machine = shared->state.machines["n" + std::to_string(i)];
            machine.facts.uuid = "n" + std::to_string(i);
            machine.facts.machineType = "LINUX";
        }
        giveLease(*shared, 1);
        OneOfMany master(*shared);
        CountedDatabase counted(master.database);
        ReleaseEngine engine{{counted, master.trail, master.fleet, master.published, master.events,
                              master.clears, master.clock, [] {}, std::chrono::seconds(30), true,
                              &master.freeze}};
        QVERIFY(engine.lead(1).ok());
        domain::ReleaseSpec wanted = spec();
        wanted.gray.uuids = {"m0"};
        const std::string id = engine.create(kOperator, wanted).value().release.id;
        const std::string plan = engine.plan(id).value().id;
        QVERIFY(engine.act(kOperator, id, ReleaseVerb::Start, plan).ok());

        const auto& machines = shared->state.progress.at(id);
        QVERIFY(machines.size() > kMachines / 2);
        const tests::Allocations ofOne;
        const auto one =
            std::make_unique<std::map<std::string, release::MachineProgress>>(machines);
        const auto copy = double(ofOne.bytes());

        counted.bytes = 0;
        const tests::Allocations all;
        QVERIFY(engine.act(kOperator, id, static_cast<ReleaseVerb>(verb), "").ok());
        const double copies = double(all.bytes() - counted.bytes) / copy;
        QVERIFY2(copies > 0.9 && copies < 1.9, qPrintable(QString::number(copies)));
    }
};

QTEST_GUILESS_MAIN(TestVerbCopies)
#include "tst_verb_copies.moc"
