// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QTest>

#include <algorithm>

#include "gui/presenters/event_log.h"
#include "tests/gui/presenters/hub_fixture.h"

using namespace ifrit;
using namespace gui::presenters;
using domain::ReleaseState;
using domain::StageKind;
using Kind = ReleaseNotice::Kind;
using Kinds = std::vector<Kind>;

namespace {

gui::services::ReleaseInfo info(ReleaseState state, StageKind stage = StageKind::Gray,
                                std::uint32_t batch = 0, bool waits = false) {
    gui::services::ReleaseInfo out;
    out.release.id = "r-12";
    out.release.number = 12;
    out.release.spec.agent = "logd";
    out.release.spec.version = "4.2";
    out.release.state = state;
    out.release.stage = stage;
    out.batch = batch;
    if (waits) out.allowedVerbs = {domain::ReleaseVerb::Verify};
    return out;
}

/// The list, what is told of it, and the log of both.
struct Watched {
    Watched() {
        QObject::connect(&watch, &ReleaseWatch::happened, &watch,
                         [this](const ReleaseNotice& notice) { told.push_back(notice.kind); });
    }
    void list(std::vector<gui::services::ReleaseInfo> releases) {
        told.clear();
        if (fixture.master.releases.listCalls.pending() == 0) presenter.refresh();
        fixture.master.releases.listCalls.deliver(
            gui::services::Page<gui::services::ReleaseInfo>{std::move(releases), {}});
    }
    QString sentence(int row) const {
        return const_cast<EventLog&>(log).model().index(row, 3).data().toString();
    }
    int rows() const { return const_cast<EventLog&>(log).model().rowCount(); }

    tests::HubFixture fixture;
    ReleasesPresenter presenter{fixture.hub, fixture.feed};
    ReleaseWatch watch{fixture.hub, presenter};
    EventLog log{fixture.hub, fixture.feed, watch};
    QAbstractItemModelTester tester{&log.model()};
    Kinds told;
};

}  // namespace

class TestReleaseNotices : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void between_data();
    void between();
    void whatWasSoIsNoNews();
    void aNewReleaseIsTold();
    void whatIsOlderIsNoNews();
    void anotherConnectionBeginsAnew();
    void theLogTellsLineAndCluster();
    void everyKindHasWords();
    void aDraftThatIsDiscardedAsksForNobody();
};

Q_DECLARE_METATYPE(gui::services::ReleaseInfo)
Q_DECLARE_METATYPE(Kinds)

void TestReleaseNotices::between_data() {
    QTest::addColumn<gui::services::ReleaseInfo>("before");
    QTest::addColumn<gui::services::ReleaseInfo>("after");
    QTest::addColumn<Kinds>("kinds");
    using S = ReleaseState;
    using G = StageKind;
    QTest::newRow("nothing") << info(S::Running) << info(S::Running) << Kinds{};
    QTest::newRow("started") << info(S::Draft) << info(S::Running) << Kinds{Kind::Started};
    QTest::newRow("started without gray")
        << info(S::Draft) << info(S::Running, G::Pilot) << Kinds{Kind::Started};
    QTest::newRow("waits") << info(S::Running) << info(S::Running, G::Gray, 0, true)
                           << Kinds{Kind::Waits};
    QTest::newRow("waits still") << info(S::Running, G::Gray, 0, true)
                                 << info(S::Running, G::Gray, 0, true) << Kinds{};
    QTest::newRow("waits again at the next stage")
        << info(S::Running, G::Gray, 0, true) << info(S::Running, G::Pilot, 0, true)
        << Kinds{Kind::StageOpened, Kind::Waits};
    QTest::newRow("batch") << info(S::Running, G::Batch, 1) << info(S::Running, G::Batch, 2)
                           << Kinds{Kind::StageOpened};
    // Of a batch that waits for promote nobody was told: only verify was looked for.
    gui::services::ReleaseInfo promoted = info(S::Running, G::Batch, 1);
    promoted.saysPerson = true;
    QTest::newRow("batch waits for promote")
        << info(S::Running, G::Batch, 1) << promoted << Kinds{Kind::Waits};
    gui::services::ReleaseInfo moved = info(S::Running, G::Gray, 0, true);
    moved.saysPerson = false;
    QTest::newRow("verify is allowed, but it waits for the windows")
        << info(S::Running) << moved << Kinds{};
    QTest::newRow("tripped") << info(S::Running, G::Batch, 2) << info(S::Halted, G::Batch, 2)
                             << Kinds{Kind::Halted};
    QTest::newRow("paused") << info(S::Running) << info(S::Paused) << Kinds{Kind::Paused};
    QTest::newRow("resumed") << info(S::Paused) << info(S::Running) << Kinds{Kind::Resumed};
    QTest::newRow("resumed after a halt")
        << info(S::Halted) << info(S::Running) << Kinds{Kind::Resumed};
    QTest::newRow("rolled back") << info(S::RollingBack) << info(S::RolledBack)
                                 << Kinds{Kind::RolledBack};
    QTest::newRow("done") << info(S::Running, G::Batch, 4) << info(S::Done, G::Full)
                          << Kinds{Kind::Done};
    QTest::newRow("a draft that is thrown away")
        << info(S::Draft) << info(S::Aborted) << Kinds{Kind::Discarded};
    QTest::newRow("aborted") << info(S::Running) << info(S::Aborted) << Kinds{Kind::Aborted};
}

void TestReleaseNotices::between() {
    QFETCH(gui::services::ReleaseInfo, before);
    QFETCH(gui::services::ReleaseInfo, after);
    QFETCH(Kinds, kinds);
    QVERIFY(noticesBetween(before, after) == kinds);
}

void TestReleaseNotices::whatWasSoIsNoNews() {
    Watched watched;
    watched.fixture.connect({});
    watched.list({info(ReleaseState::Halted)});
    QVERIFY(watched.told.empty());
    watched.list({info(ReleaseState::Halted)});
    QVERIFY(watched.told.empty());
    watched.list({info(ReleaseState::RollingBack)});
    QVERIFY(watched.told == Kinds{Kind::RollingBack});
}

void TestReleaseNotices::aNewReleaseIsTold() {
    Watched watched;
    watched.fixture.connect({});
    watched.list({});
    watched.list({info(ReleaseState::Running)});
    QVERIFY((watched.told == Kinds{Kind::Drafted, Kind::Started}));
    // One that was only not read yet is old.
    auto old = info(ReleaseState::Done);
    old.release.id = "r-3";
    old.release.number = 3;
    watched.list({info(ReleaseState::Running), old});
    QVERIFY(watched.told.empty());
}

// A list of a master that follows said "resumed", and the next one "halted" for the second time.
void TestReleaseNotices::whatIsOlderIsNoNews() {
    const auto at = [](std::uint64_t revision, ReleaseState state) {
        gui::services::ReleaseInfo out = info(state);
        out.release.revision = revision;
        return out;
    };
    Watched watched;
    watched.fixture.connect({});
    watched.list({at(4, ReleaseState::Running)});
    watched.list({at(5, ReleaseState::Halted)});
    QCOMPARE(watched.told, Kinds{Kind::Halted});
    watched.list({at(4, ReleaseState::Running)});
    QCOMPARE(watched.told, Kinds{});
    watched.list({at(5, ReleaseState::Halted)});
    QCOMPARE(watched.told, Kinds{});
    watched.list({at(6, ReleaseState::Running)});
    QCOMPARE(watched.told, Kinds{Kind::Resumed});
}

void TestReleaseNotices::anotherConnectionBeginsAnew() {
    Watched watched;
    watched.fixture.connect({});
    watched.list({});
    watched.fixture.connect({});
    watched.list({info(ReleaseState::Running)});
    QVERIFY(watched.told.empty());
}

void TestReleaseNotices::theLogTellsLineAndCluster() {
    Watched watched;
    watched.fixture.connect({});
    QCOMPARE(watched.rows(), 1);
    watched.list({info(ReleaseState::Running)});
    auto halted = info(ReleaseState::Halted);
    halted.release.haltReason = "2 of 2 gray machines reverted";
    watched.list({halted});
    // What comes close behind another is shown with what comes next.
    QTRY_COMPARE(watched.rows(), 2);
    QVERIFY2(watched.sentence(0).contains(QStringLiteral("#12 logd")),
             qPrintable(watched.sentence(0)));
    QVERIFY2(watched.sentence(0).contains(QStringLiteral("reverted")),
             qPrintable(watched.sentence(0)));
    QCOMPARE(watched.log.model().at(0)->releaseId, QStringLiteral("r-12"));
    watched.fixture.master.events.tell(gui::services::ClusterEvent::Kind::PackageChanged, "9f3c");
    QTRY_COMPARE(watched.rows(), 3);
    gui::services::LinkStatus broken;
    broken.state = gui::services::LinkState::Reconnecting;
    broken.lastError = absl::UnavailableError("the master is away");
    watched.fixture.master.connection.tell(broken);
    // Each further attempt is no event.
    broken.attempt = 2;
    watched.fixture.master.connection.tell(broken);
    QTRY_COMPARE(watched.rows(), 4);
    QCOMPARE(watched.log.model().at(0)->id, std::uint64_t{4});
    for (std::size_t i = 0; i < EventLog::kMost + 5; ++i) {
        watched.fixture.master.events.tell(gui::services::ClusterEvent::Kind::ClusterChanged);
    }
    QTRY_COMPARE(watched.rows(), int(EventLog::kMost));
}

void TestReleaseNotices::everyKindHasWords() {
    QStringList seen;
    for (int kind = 0; kind <= static_cast<int>(Kind::Done); ++kind) {
        const ReleaseNotice notice{static_cast<Kind>(kind), info(ReleaseState::Running)};
        const QString sentence = ReleaseNoticeWords::sentenceOf(notice);
        QVERIFY(!ReleaseNoticeWords::lookOf(notice.kind).word.isEmpty());
        QVERIFY2(!seen.contains(sentence), qPrintable(sentence));
        seen << sentence;
    }
}

// Whoever leaves the wizard discards its draft: that is no news to anybody who looks elsewhere.
void TestReleaseNotices::aDraftThatIsDiscardedAsksForNobody() {
    const auto asks = [](ReleaseState before) {
        const Kinds kinds = noticesBetween(info(before), info(ReleaseState::Aborted));
        return std::any_of(kinds.begin(), kinds.end(), &ReleaseNoticeWords::wantsAttention);
    };
    QVERIFY(!asks(ReleaseState::Draft));
    QVERIFY(asks(ReleaseState::Running));
    QVERIFY(asks(ReleaseState::Halted));
}

QTEST_GUILESS_MAIN(TestReleaseNotices)
#include "tst_release_notices.moc"
