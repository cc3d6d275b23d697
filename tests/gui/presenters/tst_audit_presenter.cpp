// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QFile>
#include <QLockFile>
#include <QTest>

#include "gui/presenters/audit_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/held_worker.h"
#include "tests/gui/support/in_other_words.h"
#include "tests/support/signed_heads.h"

using namespace ifrit;
namespace services = gui::services;
using gui::models::StatusKind;
using gui::models::ViewState;
using gui::presenters::AuditPresenter;
using gui::presenters::HeadKeeper;

namespace {

services::AuditRow row(std::uint64_t id, const char* result = "allowed") {
    services::AuditRow out;
    out.id = id;
    out.actor = "wang";
    out.via = "ctl";
    out.address = "10.4.0.77";
    out.verb = "release.start";
    out.object = "release 12";
    out.result = result;
    return out;
}

services::Page<services::AuditRow> page(std::vector<services::AuditRow> rows,
                                        const std::string& next = {}) {
    return {std::move(rows), next};
}

QString fact(const AuditPresenter& presenter, int index, const QString& name) {
    for (const auto& [label, value] : presenter.factsOf(index)) {
        if (label == name) return value;
    }
    return {};
}

}  // namespace

class TestAuditPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksTheMasterToFilter();
    void anotherFilterIsNotWaitedFor();
    void emptyByFilterIsNotEmpty();
    void readsFurtherPages();
    void tellsWhatARowHolds();
    void aReleaseIsCalledByItsNumber();
    void aNumberIsLookedUpWhereItIsAskedFor();
    void verifyTellsEachEnd();
    void aHeadIsKeptForEachClusterThatIsOpened();
    void aRewrittenAuditIsToldWithoutBeingAsked();
    void headsThatCannotBeKeptAreTold();
    void theLockOfAnotherProgramIsNotWaitedFor();
    void headsAreReadAndKeptByAWorker();
    void aHeadThatNoMasterSignedIsAnAlarm();
    void onlyAuditEventsReload();
    void whatWasReadLongAgoIsReadAgainWhereThePageIsShown();
    void offlineItSaysWhenItWasRead();
    void nothingStaysOfAClusterThatWasLeft();
};

void TestAuditPresenter::asksTheMasterToFilter() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(page({row(2), row(1)}));
    presenter.setFilter({QStringLiteral("wang"), QStringLiteral("release.start"),
                         QStringLiteral("release 12"), QStringLiteral("denied")});
    QCOMPARE(calls.last().actor, std::string("wang"));
    QCOMPARE(calls.last().verb, std::string("release.start"));
    QCOMPARE(calls.last().object, std::string("release 12"));
    QCOMPARE(calls.last().result, std::string("denied"));
    auto between = presenter.filter();
    between.since = presenter.timeOf(QStringLiteral("2026-01-31"), gui::presenters::DayEdge::Begin);
    between.until = presenter.timeOf(QStringLiteral("2026-01-31"), gui::presenters::DayEdge::End);
    presenter.setFilter(between);
    QVERIFY(calls.last().since && calls.last().until);
    QVERIFY(*calls.last().until - *calls.last().since > std::chrono::hours(22));
    const std::size_t made = calls.made();
    presenter.setFilter(presenter.filter());
    QCOMPARE(calls.made(), made);
    between.since = base::fromUnixMillis(1'769'817'600'000);
    between.until = base::fromUnixMillis(1'769'817'600'500);
    presenter.setFilter(between);
    QCOMPARE(gui::models::commandText({presenter.command()}),
             QStringLiteral("ifritctl audit list --actor=wang --verb=release.start "
                            "'--object=release 12' --result=denied "
                            "--since=2026-01-31T00:00:00.000Z --until=2026-01-31T00:00:00.500Z"));
}

void TestAuditPresenter::anotherFilterIsNotWaitedFor() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    presenter.setFilter({QStringLiteral("ana"), {}, {}, {}});
    QCOMPARE(presenter.model().rowCount(), 0);
    QCOMPARE(calls.pending(), std::size_t{2});
    QCOMPARE(calls.last().actor, std::string("ana"));
    calls.deliver(0, services::Page<services::AuditRow>{{services::AuditRow{}}, {}});
    QCOMPARE(presenter.model().rowCount(), 0);
    calls.deliver(services::Page<services::AuditRow>{{services::AuditRow{}}, {}});
    QCOMPARE(presenter.model().rowCount(), 1);
}

void TestAuditPresenter::emptyByFilterIsNotEmpty() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(page({}));
    QCOMPARE(presenter.notice().state, ViewState::Empty);
    presenter.setFilter({QStringLiteral("nobody"), {}, {}, {}});
    calls.deliver(page({}));
    QCOMPARE(presenter.notice().state, ViewState::EmptyByFilter);
}

void TestAuditPresenter::readsFurtherPages() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(page({row(2)}, "older"));
    QVERIFY(presenter.countLine().contains(QStringLiteral("more to load")));
    presenter.more();
    QCOMPARE(calls.last().page.token, std::string("older"));
    calls.deliver(page({row(1)}));
    QCOMPARE(presenter.model().rowCount(), 2);
    QVERIFY(!presenter.hasMore());
}

void TestAuditPresenter::tellsWhatARowHolds() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.connect({});
    services::AuditRow denied = row(7, "denied");
    denied.error = "li may not call release.start";
    fixture.master.audit.listCalls.deliver(page({denied}));
    QCOMPARE(fact(presenter, 0, QStringLiteral("Actor")),
             QStringLiteral("wang by ctl from 10.4.0.77"));
    QCOMPARE(fact(presenter, 0, QStringLiteral("Error")),
             QStringLiteral("li may not call release.start"));
    // What a row has not is not shown as an empty line.
    QVERIFY(fact(presenter, 0, QStringLiteral("Before")).isEmpty());
    for (const auto& [label, value] : presenter.factsOf(0))
        QVERIFY2(!value.isEmpty(), qPrintable(label));
    QVERIFY(presenter.factsOf(1).isEmpty());
    QVERIFY(presenter.factsOf(-1).isEmpty());
}

// Every other list calls it so; its id is in the details, and in files.
void TestAuditPresenter::aReleaseIsCalledByItsNumber() {
    tests::HubFixture fixture;
    gui::presenters::ReleasesPresenter releases(fixture.hub, fixture.feed);
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads, &releases);
    fixture.connect({});
    services::AuditRow known = row(7);
    known.object = "6436cf0a";
    services::AuditRow unknown = row(6);
    unknown.object = "83c96dbe";
    fixture.master.audit.listCalls.deliver(page({known, unknown}));
    constexpr int kObject = 4;
    const auto shown = [&presenter](int at, int role = Qt::DisplayRole) {
        return presenter.model().index(at, kObject).data(role).toString();
    };
    QCOMPARE(shown(0), QStringLiteral("6436cf0a"));
    services::ReleaseInfo info;
    info.release.id = "6436cf0a";
    info.release.number = 2;
    fixture.master.releases.listCalls.deliver(services::Page<services::ReleaseInfo>{{info}, {}});
    QCOMPARE(shown(0), QStringLiteral("release #2"));
    QCOMPARE(shown(0, gui::models::ExportRole), QStringLiteral("6436cf0a"));
    QCOMPARE(shown(1), QStringLiteral("83c96dbe"));
    QCOMPARE(fact(presenter, 0, QStringLiteral("Object")), QStringLiteral("release #2 (6436cf0a)"));
    // As it is shown it can be looked for.
    const auto askedFor = [&](const char* typed) {
        AuditPresenter::Filter filter;
        filter.object = QLatin1String(typed);
        presenter.setFilter(filter);
        return fixture.master.audit.listCalls.last().object;
    };
    for (const char* typed : {"#2", "release #2", "Release #2", "6436cf0a"})
        QCOMPARE(askedFor(typed), std::string("6436cf0a"));
    QCOMPARE(askedFor("#3"), std::string("#3"));
}

// It was looked up once, when it was typed: in another cluster, or before the list of releases had
// come, it was another release or none.
void TestAuditPresenter::aNumberIsLookedUpWhereItIsAskedFor() {
    tests::HubFixture fixture;
    gui::presenters::ReleasesPresenter releases(fixture.hub, fixture.feed);
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads, &releases);
    fixture.connect({});
    AuditPresenter::Filter filter;
    filter.object = QStringLiteral("#2");
    presenter.setFilter(filter);
    const auto& calls = fixture.master.audit.listCalls;
    QCOMPARE(calls.last().object, std::string("#2"));
    services::ReleaseInfo info;
    info.release.id = "6436cf0a";
    info.release.number = 2;
    fixture.master.releases.listCalls.deliver(services::Page<services::ReleaseInfo>{{info}, {}});
    QCOMPARE(calls.last().object, std::string("6436cf0a"));
    QVERIFY(presenter.command().words.contains(QStringLiteral("--object=6436cf0a")));
    // Where no release has that number any more it is asked for as it is typed.
    const std::size_t made = calls.made();
    info.release.id = "11111111";
    info.release.number = 3;
    releases.refresh();
    fixture.master.releases.listCalls.deliver(services::Page<services::ReleaseInfo>{{info}, {}});
    QCOMPARE(calls.made(), made + 1);
    QCOMPARE(calls.last().object, std::string("#2"));
}

void TestAuditPresenter::verifyTellsEachEnd() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    presenter.verify();
    QCOMPARE(fixture.master.audit.verifyCalls.made(), std::size_t{0});
    fixture.connect({});
    auto& calls = fixture.master.audit.verifyCalls;
    presenter.verify();
    QVERIFY(!presenter.verifyAction().enabled());
    presenter.verify();
    QCOMPARE(calls.made(), std::size_t{1});
    calls.deliver(services::AuditVerification{24, "9f3c1e77a0d24b55", true, 0, {}, {}});
    QCOMPARE(presenter.verifyKind(), StatusKind::Ok);
    QVERIFY(presenter.verifyText().contains(QStringLiteral("24")));
    QVERIFY(presenter.verifyText().contains(QStringLiteral("No head was kept here before")));
    presenter.verify();
    calls.deliver(services::AuditVerification{
        24, "", false, 17, "row 17 does not follow row 16: one of them was replaced", {}});
    QCOMPARE(presenter.verifyKind(), StatusKind::Fail);
    QVERIFY(presenter.verifyText().contains(QStringLiteral("17")));
    QVERIFY(presenter.verifyText().contains(QStringLiteral("row 17 does not follow row 16")));
    {
        const tests::InOtherWords other;
        QCOMPARE(presenter.verifyText().count(QStringLiteral("row ")), 0);
    }
    presenter.verify();
    // Not known to be broken: it could not be walked.
    calls.deliver(base::permissionDenied("NOT_ALLOWED", "li", "li may not verify the chain"));
    QCOMPARE(presenter.verifyKind(), StatusKind::Wait);
    QVERIFY(presenter.verifyAction().enabled());
}

void TestAuditPresenter::aHeadIsKeptForEachClusterThatIsOpened() {
    tests::HubFixture fixture;
    const tests::SigningCluster cluster;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.bundle = cluster.bundle();
    fixture.connect({});
    auto& calls = fixture.master.audit.headCalls;
    QCOMPARE(calls.made(), std::size_t{1});
    QVERIFY(calls.last().empty());
    calls.deliver(services::AuditHeads{cluster.head(4), {}});
    QVERIFY(presenter.verifyText().isEmpty());
    fixture.hub.close();
    fixture.connect({});
    QCOMPARE(calls.last(), (std::vector<std::uint64_t>{4}));
    calls.deliver(services::AuditHeads{cluster.head(9), {{4, cluster.head(4).head.hash}}});
    presenter.verify();
    auto& walks = fixture.master.audit.verifyCalls;
    QCOMPARE(walks.last(), (std::vector<std::uint64_t>{4, 9}));
    services::AuditVerification intact{9, "9f3c1e77a0d24b55", true, 0, {}, {}};
    intact.heads = {cluster.head(9),
                    {{4, cluster.head(4).head.hash}, {9, cluster.head(9).head.hash}}};
    walks.deliver(intact);
    QCOMPARE(presenter.verifyKind(), StatusKind::Ok);
    QVERIFY2(presenter.verifyText().contains(QStringLiteral("All 2 head(s)")),
             qPrintable(presenter.verifyText()));
}

void TestAuditPresenter::aRewrittenAuditIsToldWithoutBeingAsked() {
    tests::HubFixture fixture;
    const tests::SigningCluster cluster;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.bundle = cluster.bundle();
    fixture.connect({});
    auto& calls = fixture.master.audit.headCalls;
    calls.deliver(services::AuditHeads{cluster.head(4), {}});
    fixture.hub.close();
    fixture.connect({});
    calls.deliver(services::AuditHeads{cluster.head(9), {{4, std::string(32, 'x')}}});
    QCOMPARE(presenter.verifyKind(), StatusKind::Fail);
    const QString text = presenter.verifyText();
    QVERIFY2(text.contains(QStringLiteral("row 4 is not the one that master m1 signed")),
             qPrintable(text));
    QVERIFY(text.contains(QStringLiteral("audit forget --from-row 4")));
    // The head of the rewritten chain is not kept beside the one that proves it.
    fixture.hub.close();
    QVERIFY(presenter.verifyText().isEmpty());
    fixture.connect({});
    QCOMPARE(calls.last(), (std::vector<std::uint64_t>{4}));
    calls.deliver(services::AuditHeads{cluster.head(2), {}});
    QVERIFY(presenter.verifyText().contains(QStringLiteral("row 4 is no longer there")));
}

void TestAuditPresenter::headsThatCannotBeKeptAreTold() {
    tests::HubFixture fixture;
    const tests::SigningCluster cluster;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.bundle = cluster.bundle();
    QFile blocker(QString::fromStdString(
        gui::heads::HeadStore(fixture.headFolder.path().toStdString()).pathOf(fixture.bundle)));
    QVERIFY(blocker.open(QIODevice::WriteOnly));
    blocker.write("{");
    blocker.close();
    fixture.connect({});
    fixture.master.audit.headCalls.deliver(services::AuditHeads{cluster.head(4), {}});
    QVERIFY2(presenter.verifyText().contains(QStringLiteral("No heads of the audit are kept")),
             qPrintable(presenter.verifyText()));
    presenter.verify();
    fixture.master.audit.verifyCalls.deliver(
        services::AuditVerification{4, "9f3c1e77a0d24b55", true, 0, {}, {}});
    QCOMPARE(presenter.verifyKind(), StatusKind::Wait);
}

// The window stood still for five seconds.
void TestAuditPresenter::theLockOfAnotherProgramIsNotWaitedFor() {
    tests::HubFixture fixture;
    const tests::SigningCluster cluster;
    fixture.bundle = cluster.bundle();
    const std::string path =
        gui::heads::HeadStore(fixture.headFolder.path().toStdString()).pathOf(fixture.bundle);
    QLockFile lock(QString::fromStdString(path + ".lock"));
    QVERIFY(lock.tryLock(0));
    fixture.connect({});
    const auto askAgain = [&fixture] {
        for (auto* timer : fixture.heads.findChildren<QTimer*>())
            if (timer->isSingleShot() && timer->isActive()) Q_EMIT timer->timeout({});
    };
    auto& calls = fixture.master.audit.headCalls;
    QElapsedTimer took;
    took.start();
    calls.deliver(services::AuditHeads{cluster.head(4), {}});
    QVERIFY(took.elapsed() < 2'000);
    QVERIFY(fixture.heads.trouble().isEmpty());
    // A minute of it is no moment any more.
    for (int again = 0; again < 5; ++again) {
        askAgain();
        calls.deliver(services::AuditHeads{cluster.head(4), {}});
    }
    QVERIFY2(fixture.heads.trouble().contains(QStringLiteral("lock")),
             qPrintable(fixture.heads.trouble()));
    lock.unlock();
    askAgain();
    calls.deliver(services::AuditHeads{cluster.head(5), {}});
    QVERIFY(fixture.heads.trouble().isEmpty());
    std::vector<std::uint64_t> rows;
    fixture.heads.readKept([&rows](const audit::KeptHeads& kept) { rows = kept.rows(); });
    QCOMPARE(rows, (std::vector<std::uint64_t>{5}));
}

// Reading, checking up to 256 signatures, and a write that waits for the disk were done by the
// thread of the window.
void TestAuditPresenter::headsAreReadAndKeptByAWorker() {
    tests::HubFixture fixture;
    const tests::SigningCluster cluster;
    const std::string folder = fixture.headFolder.filePath(QStringLiteral("own")).toStdString();
    tests::HeldWorker worker;
    HeadKeeper heads(fixture.hub, fixture.feed, worker, folder);
    const std::string file = gui::heads::HeadStore(folder).pathOf(cluster.bundle());
    const auto isKept = [&file] { return QFile::exists(QString::fromStdString(file)); };
    fixture.bundle = cluster.bundle();
    fixture.connect({});
    auto& calls = fixture.master.audit.headCalls;
    const std::size_t others = calls.made();
    QCOMPARE(worker.pending(), std::size_t{1});
    worker.finish();
    QCOMPARE(calls.made(), others + 1);
    calls.deliver(services::AuditHeads{cluster.head(4), {}});
    QVERIFY(!isKept());
    // One after another: the walk reads what was kept before it.
    std::vector<std::uint64_t> rows;
    heads.readKept([&rows](const audit::KeptHeads& kept) { rows = kept.rows(); });
    QCOMPARE(worker.pending(), std::size_t{1});
    worker.finish();
    QVERIFY(isKept());
    worker.finish();
    QCOMPARE(rows, (std::vector<std::uint64_t>{4}));
    // Whoever asked of a cluster that was left is not answered with its heads.
    rows.clear();
    heads.readKept([&rows](const audit::KeptHeads& kept) { rows = kept.rows(); });
    fixture.hub.close();
    worker.finish();
    QVERIFY(rows.empty());
}

void TestAuditPresenter::aHeadThatNoMasterSignedIsAnAlarm() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.connect({});
    auto& calls = fixture.master.audit.headCalls;
    calls.deliver(absl::UnavailableError("gone"));
    QVERIFY(presenter.verifyText().isEmpty());
    fixture.hub.close();
    fixture.connect({});
    calls.deliver(base::failedPrecondition("STATEMENT_SIGNER", "", "not signed by a master"));
    QCOMPARE(presenter.verifyKind(), StatusKind::Fail);
}

void TestAuditPresenter::onlyAuditEventsReload() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(page({row(1)}));
    const std::size_t before = calls.made();
    fixture.master.events.tell(services::ClusterEvent::Kind::PackageChanged);
    fixture.master.events.tell(services::ClusterEvent::Kind::AuditAppended);
    QTRY_COMPARE(calls.made(), before + 1);
    calls.deliver(page({row(2), row(1)}));
    QCOMPARE(presenter.model().rowCount(), 2);
}

void TestAuditPresenter::whatWasReadLongAgoIsReadAgainWhereThePageIsShown() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    presenter.look();
    fixture.connect({});
    auto& calls = fixture.master.audit.listCalls;
    calls.deliver(page({row(1)}));
    const std::size_t before = calls.made();
    fixture.clock.advance(std::chrono::seconds(4));
    presenter.look();
    QCOMPARE(calls.made(), before);
    fixture.clock.advance(std::chrono::seconds(1));
    presenter.look();
    QCOMPARE(calls.made(), before + 1);
    // A second look does not ask while that is on its way.
    presenter.look();
    QCOMPARE(calls.made(), before + 1);
    calls.deliver(page({row(2), row(1)}));
    QCOMPARE(presenter.model().rowCount(), 2);
    fixture.clock.advance(std::chrono::hours(1));
    fixture.hub.close();
    presenter.look();
    QCOMPARE(calls.made(), before + 1);
}

void TestAuditPresenter::offlineItSaysWhenItWasRead() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.connect({});
    const QString read = fixture.times.at(fixture.clock.now());
    fixture.master.audit.listCalls.deliver(page({row(1)}));
    fixture.clock.advance(std::chrono::minutes(3));
    // Asked for on a line that breaks, it has not been read.
    presenter.refresh();
    fixture.master.audit.listCalls.deliver(absl::UnavailableError("gone"));
    fixture.master.connection.tell(gui::services::LinkState::Reconnecting);
    const QString sentence = presenter.notice().sentence;
    QVERIFY2(sentence.contains(QStringLiteral("read at ") + read), qPrintable(sentence));
}

void TestAuditPresenter::nothingStaysOfAClusterThatWasLeft() {
    tests::HubFixture fixture;
    AuditPresenter presenter(fixture.hub, fixture.feed, fixture.heads);
    fixture.connect({});
    fixture.master.audit.listCalls.deliver(page({row(1)}));
    presenter.verify();
    fixture.hub.close();
    QCOMPARE(presenter.model().rowCount(), 0);
    QVERIFY(presenter.verifyText().isEmpty());
    QCOMPARE(presenter.notice().state, ViewState::Empty);
}

QTEST_GUILESS_MAIN(TestAuditPresenter)
#include "tst_audit_presenter.moc"
