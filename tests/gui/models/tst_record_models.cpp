// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QTest>

#include "gui/models/detail_columns.h"
#include "gui/models/failure_groups.h"
#include "gui/models/record_models.h"
#include "gui/models/selection_keeper.h"
#include "tests/gui/support/fixed_clock.h"

using namespace ifrit;
namespace services = gui::services;
using namespace gui::models;

namespace {

services::PackageInfo package(const char* version, std::uint64_t runningOn) {
    services::PackageInfo out;
    out.agent = "logd";
    out.version = version;
    out.machineTypes = {"LINUX", "ARM64"};
    out.manifestDigest = std::string("digest-of-") + version;
    out.archiveSizeBytes = 18'000'000;
    out.runningOn = runningOn;
    return out;
}

services::ReleaseMachine machine(const char* uuid, domain::Outcome outcome, const char* reason,
                                 std::int64_t sinceMs) {
    services::ReleaseMachine out;
    out.uuid = uuid;
    out.outcome = outcome;
    out.reason = reason;
    out.message = std::string(reason) + " on " + uuid;
    out.since = base::fromUnixMillis(sinceMs);
    return out;
}

/// Every model is held against the rules of QAbstractItemModel, empty and filled.
template <typename Model, typename Record>
void keepTheRules(const TimeText& times, std::vector<Record> records) {
    Model model(times);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const int count = static_cast<int>(records.size());
    model.setRecords(std::move(records));
    QCOMPARE(model.rowCount(), count);
    for (int column = 0; column < model.columnCount(); ++column) {
        QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
        model.sort(column, Qt::DescendingOrder);
        QVERIFY(model.index(0, column).data().isValid());
    }
    model.setRecords({});
    QCOMPARE(model.rowCount(), 0);
}

int columnOf(const QAbstractItemModel& model, const char* key) {
    for (int column = 0; column < model.columnCount(); ++column) {
        if (model.headerData(column, Qt::Horizontal, ExportKeyRole).toString() ==
            QLatin1String(key))
            return column;
    }
    return -1;
}

QString cellOf(const QAbstractItemModel& model, const char* key) {
    return model.index(0, columnOf(model, key)).data().toString();
}

}  // namespace

class TestRecordModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepTheModelRules();
    void equalKeysChangeCellsOnly();
    void sortsByNumberAndKeepsTheSelection();
    void theOrderThatWasGivenComesBack();
    void sortsByWhatIsMeantNotByItsText();
    void filesHaveWhatIsMeantNotWhatIsShown();
    void aDigestIsShortenedOnce();
    void aFilterLeavesRowsOut();
    void groupsFailuresByWhatTheySay();
    void namesWhatFailedMachinesShare();
    void oneThatTheFleetDoesNotKnowTakesNothingAway();
    void theSameErrorWithOtherNumbersIsOneGroup();
    void namesVersionsOfARelease();
    void tellsDeniedFromFailedInTheAudit();
    void theAuditHasAllOfARow();
    void machinesOfAReleaseSayWhyAndUntilWhen();

private:
    tests::FixedClock m_clock;
    TimeText m_times{m_clock};
};

void TestRecordModels::keepTheModelRules() {
    keepTheRules<PackageModel>(m_times, std::vector{package("1.0", 1), package("2.0", 2)});
    keepTheRules<ReleaseModel>(m_times, std::vector<services::ReleaseInfo>(1));
    keepTheRules<StageModel>(m_times, std::vector<services::StageProgress>(1));
    keepTheRules<ReleaseMachineModel>(
        m_times, std::vector{machine("a", domain::Outcome::Failed, "PROBE", 1)});
    keepTheRules<FailureModel>(m_times, std::vector<FailureGroup>(1));
    keepTheRules<TimelineModel>(m_times, std::vector<services::TimelineEntry>(1));
    keepTheRules<AuditModel>(m_times, std::vector<services::AuditRow>(1));
    keepTheRules<ExplainModel>(m_times, std::vector<domain::ExplainedEntry>(1));
    keepTheRules<MachineEventModel>(m_times, std::vector<domain::MachineEvent>(1));
    keepTheRules<AgentReportModel>(m_times, std::vector<domain::AgentReport>(1));
}

void TestRecordModels::equalKeysChangeCellsOnly() {
    PackageModel model(m_times);
    model.setRecords({package("1.0", 1)});
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    model.setRecords({package("1.0", 99)});
    QCOMPARE(resets.size(), 0);
    QCOMPARE(changes.size(), 1);
    QCOMPARE(model.index(0, 3).data().toString(), QStringLiteral("99"));
    model.setRecords({package("1.0", 99), package("2.0", 1)});
    QCOMPARE(resets.size(), 1);
}

void TestRecordModels::sortsByNumberAndKeepsTheSelection() {
    PackageModel model(m_times);
    model.setRecords({package("1.0", 9), package("2.0", 1'000), package("3.0", 80)});
    QItemSelectionModel selection(&model);
    new SelectionKeeper(&selection, [&](const QString& key) { return model.rowOfKey(key); });
    selection.setCurrentIndex(model.index(1, 0),
                              QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    model.sort(3, Qt::AscendingOrder);
    QCOMPARE(model.at(0)->version, std::string("1.0"));
    QCOMPARE(model.at(2)->version, std::string("2.0"));
    QCOMPARE(selection.selectedRows().first().row(), 2);
    model.setRecords({package("1.0", 5'000), package("2.0", 1'000)});
    QCOMPARE(model.at(0)->version, std::string("2.0"));
    QCOMPARE(selection.currentIndex().row(), 0);
}

void TestRecordModels::theOrderThatWasGivenComesBack() {
    PackageModel model(m_times);
    const auto versions = [&model] {
        std::vector<std::string> out;
        for (const auto& record : model.records())
            out.push_back(record.version);
        return out;
    };
    const std::vector<std::string> given = {"2.0", "3.0", "1.0"};
    model.setRecords({package("2.0", 9), package("3.0", 1'000), package("1.0", 80)});
    model.sort(3, Qt::DescendingOrder);
    model.sort(3, Qt::AscendingOrder);
    QVERIFY(versions() != given);
    model.sort(-1);
    QCOMPARE(versions(), given);
    // Of what came while it was sorted, too.
    model.sort(3, Qt::DescendingOrder);
    model.setRecords({package("7.0", 5), package("5.0", 6)});
    QCOMPARE(versions(), (std::vector<std::string>{"5.0", "7.0"}));
    model.sort(-1);
    QCOMPARE(versions(), (std::vector<std::string>{"7.0", "5.0"}));
}

void TestRecordModels::sortsByWhatIsMeantNotByItsText() {
    const auto made = [this](int number, std::chrono::hours ago, std::uint32_t failed) {
        services::ReleaseInfo info;
        info.release.number = static_cast<std::uint64_t>(number);
        info.release.created = m_clock.now() - ago;
        services::StageProgress stage;
        stage.counts.targeted = failed;
        stage.counts.outcomes[domain::Outcome::Failed] = failed;
        info.stages = {stage};
        return info;
    };
    ReleaseModel model(m_times);
    const auto first = [&model](const char* key) {
        model.sort(columnOf(model, key), Qt::AscendingOrder);
        return model.at(0)->release.number;
    };
    using std::chrono::hours;
    // A draft that was only ended stopped no machine.
    auto ended = made(3, hours(0), 0);
    ended.release.state = domain::ReleaseState::Aborted;
    model.setRecords({ended});
    const auto state = [&model] { return model.index(0, columnOf(model, "state")).data(); };
    QCOMPARE(state().toString(), QStringLiteral("discarded"));
    ended.release.started = m_clock.now();
    model.setRecords({ended});
    QCOMPARE(state().toString(), QStringLiteral("aborted"));
    // As texts: "02:13" of today before "20 Nov", and "1 200" before "9".
    model.setRecords({made(1, hours(0), 9), made(2, hours(72), 1'200)});
    QCOMPARE(first("created"), std::uint64_t{2});
    QCOMPARE(first("bad"), std::uint64_t{1});
}

void TestRecordModels::filesHaveWhatIsMeantNotWhatIsShown() {
    const auto valueOf = [](const QAbstractItemModel& model, const char* key) {
        return model.index(0, columnOf(model, key)).data(ExportRole);
    };
    services::PackageInfo info = package("1.0", 12'000);
    info.manifestDigest = std::string(64, 'a');
    info.published = base::fromUnixMillis(1'795'400'000'250);
    PackageModel packages(m_times);
    packages.setRecords({info});
    QCOMPARE(valueOf(packages, "running_on"), QVariant(qint64{12'000}));
    QCOMPARE(valueOf(packages, "size"), QVariant(quint64{18'000'000}));
    QCOMPARE(valueOf(packages, "digest").toString(), QString(64, QLatin1Char('a')));
    QCOMPARE(valueOf(packages, "published").toString(), QStringLiteral("2026-11-23T02:13:20.250Z"));
    services::ReleaseMachine failed = machine("a", domain::Outcome::Failed, "PROBE", 0);
    failed.since.reset();
    ReleaseMachineModel machines(m_times);
    machines.setRecords({failed});
    QCOMPARE(valueOf(machines, "outcome").toString(), QStringLiteral("failed"));
    QVERIFY(!valueOf(machines, "since").isValid());
}

void TestRecordModels::theSameErrorWithOtherNumbersIsOneGroup() {
    FailureGroups found;
    const auto add = [&found](const char* uuid, const char* message, std::int64_t at) {
        services::ReleaseMachine one = machine(uuid, domain::Outcome::Failed, "PROBE_FAILED", at);
        one.message = message;
        found.add(one);
    };
    add("a", "probe tcp 10.0.0.7:9100 refused (3 of 3) after 812 ms", 300);
    add("b", "probe tcp 10.0.0.8:9100 refused (3 of 3) after 95 ms", 100);
    add("c", "exited with code 1", 50);
    add("d", "exited with code 139", 60);
    add("e", "digest deadbeef01 is not cafebabe02", 70);
    add("f", "digest 0123456789 is not fedcba9876", 80);
    const auto groups = found.sorted();
    QCOMPARE(groups.size(), std::size_t{4});
    QCOMPARE(groups[0].machines, 2LL);
    // Example, sentence and time are of one machine, the first to fail.
    for (const FailureGroup& group : groups) {
        if (group.example == QStringLiteral("b")) {
            QVERIFY(group.message.contains(QStringLiteral("10.0.0.8")));
            QCOMPARE(base::toUnixMillis(group.first), 100LL);
            return;
        }
    }
    QFAIL("the group of the refused probes has no example");
}

// "6e39c3528d80…" was cut again, to "6e3…80…": what has a widest text keeps its width.
void TestRecordModels::aDigestIsShortenedOnce() {
    PackageModel model(m_times);
    services::PackageInfo one = package("1.0", 1);
    one.manifestDigest = std::string(64, '7');
    model.setRecords({one});
    const QStringList widest =
        model.headerData(columnOf(model, "digest"), Qt::Horizontal, WidestRole).toStringList();
    QCOMPARE(widest.size(), 1);
    QCOMPARE(widest[0].size(), cellOf(model, "digest").size());
}

void TestRecordModels::aFilterLeavesRowsOut() {
    PackageModel model(m_times);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRecords({package("1.9", 3), package("1.10", 2), package("2.0", 1)});
    const auto versions = [&model] {
        QStringList out;
        for (const auto& record : model.records())
            out << toText(record.version);
        return out.join(QLatin1Char(' '));
    };
    model.setFilter(QStringLiteral("arm64 1."));
    QCOMPARE(versions(), QStringLiteral("1.9 1.10"));
    QCOMPARE(model.all().size(), std::size_t{3});
    // By what names the row, too.
    model.setFilter(QStringLiteral("DIGEST-OF-2"));
    QCOMPARE(versions(), QStringLiteral("2.0"));
    QCOMPARE(model.rowOfKey(QStringLiteral("digest-of-1.9")), -1);
    // Sorted and filtered at once, and either without the other.
    model.setFilter(QStringLiteral("1."));
    model.sort(columnOf(model, "running_on"));
    QCOMPARE(versions(), QStringLiteral("1.10 1.9"));
    model.setRecords({package("1.9", 1), package("1.10", 2), package("2.0", 1)});
    QCOMPARE(versions(), QStringLiteral("1.9 1.10"));
    model.sort(-1);
    QCOMPARE(versions(), QStringLiteral("1.9 1.10"));
    model.setFilter(QStringLiteral("no such package"));
    QCOMPARE(model.rowCount(), 0);
    model.setFilter({});
    QCOMPARE(versions(), QStringLiteral("1.9 1.10 2.0"));
}

void TestRecordModels::groupsFailuresByWhatTheySay() {
    using domain::Outcome;
    FailureGroups found;
    for (const auto& one :
         {machine("a", Outcome::Reverted, "PROBE", 300), machine("b", Outcome::Ok, "", 1),
          machine("c", Outcome::Silent, "NO_REPORT", 200),
          machine("d", Outcome::Reverted, "PROBE", 100),
          machine("e", Outcome::Failed, "PROBE", 50)})
        found.add(one);
    const auto groups = found.sorted();
    QCOMPARE(groups.size(), std::size_t{3});
    QCOMPARE(groups[0].machines, 2LL);
    QCOMPARE(groups[0].outcome, Outcome::Reverted);
    QCOMPARE(groups[0].example, QStringLiteral("d"));
    QCOMPARE(base::toUnixMillis(groups[0].first), 100LL);
}

void TestRecordModels::namesWhatFailedMachinesShare() {
    using domain::Outcome;
    using Kind = MachineTrait::Kind;
    FailureGroups found;
    found.add(machine("a", Outcome::Failed, "PROBE", 1),
              {{Kind::Type, "LINUX"}, {Kind::Pin, "acme"}, {Kind::Label, "zone=b"}});
    FailureModel model(m_times);
    const auto shared = [&] {
        model.setRecords(found.sorted());
        constexpr int kShared = 3;
        return model.index(0, kShared).data().toString();
    };
    // One machine shares everything with itself.
    QCOMPARE(shared(), QStringLiteral("–"));
    found.add(machine("b", Outcome::Failed, "PROBE", 2),
              {{Kind::Type, "LINUX"}, {Kind::Pin, "zed"}, {Kind::Label, "zone=b"}});
    QCOMPARE(shared(), QStringLiteral("LINUX, label zone=b"));
    found.add(machine("c", Outcome::Failed, "PROBE", 3), {{Kind::Pin, "zed"}});
    QCOMPARE(shared(), QStringLiteral("–"));
}

// Of a machine that the fleet does not know nothing is known, which is not that it has none.
void TestRecordModels::oneThatTheFleetDoesNotKnowTakesNothingAway() {
    using domain::Outcome;
    using Kind = MachineTrait::Kind;
    const std::vector<MachineTrait> of = {
        {Kind::Type, "LINUX"}, {Kind::From, "1.5.0"}, {Kind::Pin, "acme"}, {Kind::Label, "zone=b"}};
    const auto sharedBy = [&](const std::vector<bool>& known) {
        FailureGroups found;
        for (const bool isKnown : known)
            found.add(machine("a", Outcome::Failed, "PROBE", 1),
                      isKnown ? of : std::vector<MachineTrait>{{Kind::From, "1.5.0"}}, isKnown);
        return found.sorted().front().shared;
    };
    QCOMPARE(sharedBy({true, false, true}), of);
    QCOMPARE(sharedBy({false, true}), of);
    QCOMPARE(sharedBy({false, false}), (std::vector<MachineTrait>{{Kind::From, "1.5.0"}}));
    // What the release itself says of it counts.
    FailureGroups found;
    found.add(machine("a", Outcome::Failed, "PROBE", 1), of);
    found.add(machine("b", Outcome::Failed, "PROBE", 2), {{Kind::From, "1.4.0"}}, false);
    QCOMPARE(found.sorted().front().shared, (std::vector<MachineTrait>{of[0], of[2], of[3]}));
}

void TestRecordModels::namesVersionsOfARelease() {
    services::ReleaseInfo info;
    info.release.spec.version = "1.6.1";
    QCOMPARE(versionsOf(info), QStringLiteral("1.6.1"));
    info.release.previousVersions = {{"LINUX", "1.5.0"}, {"ARM64", "1.5.0"}};
    QCOMPARE(versionsOf(info), QStringLiteral("1.5.0 → 1.6.1"));
    info.release.spec.action = domain::DesiredAction::Uninstall;
    info.release.spec.version.clear();
    QCOMPARE(versionsOf(info), QStringLiteral("1.5.0 → absent"));
}

void TestRecordModels::tellsDeniedFromFailedInTheAudit() {
    services::AuditRow row;
    row.result = "denied";
    QCOMPARE(AuditModel::lookOf(row).kind, StatusKind::Fail);
    row.result = "failed";
    QCOMPARE(AuditModel::lookOf(row).kind, StatusKind::Fail);
    QCOMPARE(AuditModel::lookOf(row).word, QStringLiteral("failed"));
    row.result = "allowed";
    QCOMPARE(AuditModel::lookOf(row).kind, StatusKind::Ok);
    row.result = "something new";
    QCOMPARE(AuditModel::lookOf(row).word, QStringLiteral("something new"));
}

// A row that was denied had its reason dropped for the error.
void TestRecordModels::theAuditHasAllOfARow() {
    services::AuditRow row;
    row.id = 1'234;
    row.reason = "OPS-1";
    row.error = "not granted";
    row.cluster = "demo";
    row.before = "{}";
    row.after = "[]";
    row.requestId = "q-1";
    AuditModel model(m_times);
    model.setRecords({row});
    QCOMPARE(cellOf(model, "reason"), QStringLiteral("OPS-1"));
    QCOMPARE(cellOf(model, "error"), QStringLiteral("not granted"));
    const std::vector<std::pair<const char*, const char*>> details = {{"row", "1234"},
                                                                      {"cluster", "demo"},
                                                                      {"before", "{}"},
                                                                      {"after", "[]"},
                                                                      {"request_id", "q-1"}};
    for (std::size_t i = 0; i < details.size(); ++i) {
        QCOMPARE(columnOf(model, details[i].first), kAuditDetails[i]);
        QCOMPARE(cellOf(model, details[i].first), QString::fromUtf8(details[i].second));
    }
}

void TestRecordModels::machinesOfAReleaseSayWhyAndUntilWhen() {
    services::ReleaseMachine machine;
    machine.reason = "PROBE_FAILED";
    machine.deadline = m_clock.now();
    machine.late = true;
    ReleaseMachineModel model(m_times);
    model.setRecords({machine});
    const char* const details[] = {"reason", "deadline", "late"};
    for (std::size_t i = 0; i < std::size(details); ++i)
        QCOMPARE(columnOf(model, details[i]), kReleaseMachineDetails[i]);
    QCOMPARE(cellOf(model, "reason"), QStringLiteral("PROBE_FAILED"));
    QCOMPARE(cellOf(model, "deadline"), m_times.at(m_clock.now()));
    QCOMPARE(cellOf(model, "late"), QStringLiteral("late"));
}

QTEST_GUILESS_MAIN(TestRecordModels)
#include "tst_record_models.moc"
