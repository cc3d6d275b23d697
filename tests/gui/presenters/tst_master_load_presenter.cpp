// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <cmath>

#include "gui/presenters/master_load_presenter.h"
#include "shared/base/status.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/spin.h"

using namespace ifrit;
namespace services = gui::services;
using gui::models::ChartContent;
using gui::models::ViewState;
using gui::presenters::MasterLoadPresenter;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr milliseconds kNever = std::chrono::hours(24);

struct Load : tests::HubFixture {
    explicit Load(milliseconds interval = kNever) : presenter(hub, interval) {}
    MasterLoadPresenter presenter;
    auto& calls() { return master.fleet.loadCalls; }

    /// Of a span of ten seconds that ended so many seconds after the clock's beginning.
    services::LoadSample sample(int second, std::uint64_t polls, std::uint64_t shed = 0) const {
        return {begin + seconds(second),
                seconds(10),
                polls,
                shed,
                0,
                microseconds(polls > 0 ? 20 : 0),
                microseconds(polls > 0 ? 900 : 0)};
    }
    void look() {
        connect({});
        presenter.setShown(true);
    }
    const base::WallTime begin = clock.now();
};

services::MasterLoad loadOf(const std::string& address, std::vector<services::LoadSample> samples) {
    return {address, "0.2.0", false, false, std::move(samples)};
}

QList<double> valuesOf(const gui::models::ChartSeries& series) {
    QList<double> out;
    for (const QPointF& point : series.points)
        out << (std::isnan(point.y()) ? -1 : point.y());
    return out;
}

}  // namespace

class TestMasterLoadPresenter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsAskedUntilSomebodyLooks() {
        Load load;
        load.connect({});
        QCOMPARE(load.calls().made(), std::size_t(0));
        load.presenter.setShown(true);
        QCOMPARE(load.calls().made(), std::size_t(1));
        QCOMPARE(load.calls().last(), milliseconds(0));
        QCOMPARE(load.presenter.notice().state, ViewState::NeverLoaded);
        QVERIFY(!load.presenter.polls().whyEmpty.isEmpty());
    }

    void itIsAskedAgainWhileItIsSeen() {
        Load load(milliseconds(1));
        load.look();
        load.calls().deliver(services::MasterLoads{});
        QVERIFY(tests::spinUntil([&] { return load.calls().made() == 2; }));
        load.presenter.setShown(false);
        load.calls().deliver(services::MasterLoads{});
        tests::spinFor(20);
        QCOMPARE(load.calls().made(), std::size_t(2));
    }

    void eachMasterHasItsLines() {
        Load load;
        load.look();
        services::MasterLoad first = loadOf("a:1", {load.sample(10, 5), load.sample(20, 15)});
        first.leads = true;
        load.calls().deliver(services::MasterLoads{
            first, loadOf("b:1", {load.sample(11, 100), load.sample(21, 0, 7)})});
        const ChartContent polls = load.presenter.polls();
        QCOMPARE(polls.whyEmpty, QString());
        QCOMPARE(polls.series.size(), 2);
        QCOMPARE(polls.series[0].name, QStringLiteral("a:1"));
        QCOMPARE(valuesOf(polls.series[0]), (QList<double>{0.5, 1.5}));
        QCOMPARE(valuesOf(polls.series[1]), (QList<double>{10, 0}));
        QVERIFY(polls.series[0].color != polls.series[1].color);
        QVERIFY2(polls.note.contains(QStringLiteral("a:1 leads")), qPrintable(polls.note));
        QVERIFY2(polls.note.contains(QStringLiteral("7 poll(s)")), qPrintable(polls.note));
        QCOMPARE(polls.rows.size(), std::size_t(2));
        QCOMPARE(polls.rows[0].most, QStringLiteral("1.5"));
        const ChartContent latency = load.presenter.latency();
        QCOMPARE(latency.series.size(), 4);
        QVERIFY(latency.series[0].dashed && !latency.series[1].dashed);
        QCOMPARE(latency.series[0].color, latency.series[1].color);
        QCOMPARE(valuesOf(latency.series[1]), (QList<double>{900, 900}));
        // A span without a poll has no time.
        QCOMPARE(valuesOf(latency.series[3]), (QList<double>{900}));
        QCOMPARE(load.presenter.notice().state, ViewState::Ready);
    }

    void whatComesTwiceIsOne() {
        Load load(milliseconds(1));
        load.look();
        load.calls().deliver(
            services::MasterLoads{loadOf("a:1", {load.sample(10, 5), load.sample(20, 6)})});
        load.clock.advance(seconds(12));
        QVERIFY(tests::spinUntil([&] { return load.calls().made() == 2; }));
        // What was missed, and a little more.
        QCOMPARE(load.calls().last(), milliseconds(42'000));
        load.calls().deliver(
            services::MasterLoads{loadOf("a:1", {load.sample(20, 6), load.sample(30, 7)})});
        QCOMPARE(valuesOf(load.presenter.polls().series[0]), (QList<double>{0.5, 0.6, 0.7}));
    }

    void afterAnHourAwayAllIsAskedFor() {
        Load load(milliseconds(1));
        load.look();
        load.calls().deliver(services::MasterLoads{});
        load.presenter.setShown(false);
        load.clock.advance(std::chrono::hours(2));
        load.presenter.setShown(true);
        QCOMPARE(load.calls().last(), milliseconds(0));
    }

    void aHoleIsNotDrawnOver() {
        Load load;
        load.look();
        load.calls().deliver(services::MasterLoads{
            loadOf("a:1", {load.sample(10, 5), load.sample(20, 5), load.sample(90, 8)})});
        QCOMPARE(valuesOf(load.presenter.polls().series[0]), (QList<double>{0.5, 0.5, -1, 0.8}));
        QCOMPARE(load.presenter.polls().series[0].points[2].x(),
                 double(base::toUnixMillis(load.begin + seconds(80))));
        QCOMPARE(load.presenter.polls().rows[0].count, qint64(3));
    }

    void oneThatDoesNotAnswerIsNamedAndKeepsItsLine() {
        Load load(milliseconds(1));
        load.look();
        const auto samples = std::vector{load.sample(10, 5), load.sample(20, 5)};
        load.calls().deliver(services::MasterLoads{loadOf("a:1", samples), loadOf("b:1", samples)});
        QVERIFY(tests::spinUntil([&] { return load.calls().made() == 2; }));
        services::MasterLoad away = loadOf("b:1", {});
        away.unreachable = true;
        load.calls().deliver(services::MasterLoads{loadOf("a:1", samples), away});
        QCOMPARE(load.presenter.notice().state, ViewState::Partial);
        QVERIFY(load.presenter.polls().note.contains(QStringLiteral("b:1")));
        QCOMPARE(load.presenter.polls().series.size(), 2);
        // The others have given it up. When it is back, what it did meanwhile is wanted too.
        QVERIFY(tests::spinUntil([&] { return load.calls().made() == 3; }));
        QCOMPARE(load.calls().last(), milliseconds(0));
        load.calls().deliver(services::MasterLoads{loadOf("a:1", samples)});
        QCOMPARE(load.presenter.notice().state, ViewState::Partial);
        QCOMPARE(load.presenter.polls().series.size(), 2);
        // Out of the hour it is forgotten.
        QVERIFY(tests::spinUntil([&] { return load.calls().made() == 4; }));
        load.calls().deliver(
            services::MasterLoads{loadOf("a:1", {load.sample(3'700, 5), load.sample(3'710, 5)})});
        QCOMPARE(load.presenter.notice().state, ViewState::Ready);
        QCOMPARE(load.presenter.polls().series.size(), 1);
    }

    void oneSampleIsNoLine() {
        Load load;
        load.look();
        load.calls().deliver(services::MasterLoads{loadOf("a:1", {load.sample(10, 5)})});
        QCOMPARE(load.presenter.notice().state, ViewState::Empty);
        QVERIFY(load.presenter.polls().whyEmpty.contains(QStringLiteral("Too few")));
    }

    void aQuietClusterHasRatesAndNoTimes() {
        Load load;
        load.look();
        load.calls().deliver(
            services::MasterLoads{loadOf("a:1", {load.sample(10, 0), load.sample(20, 0)})});
        QCOMPARE(load.presenter.polls().whyEmpty, QString());
        QVERIFY(!load.presenter.latency().whyEmpty.isEmpty());
    }

    void anOldMasterIsSaidToBeOld() {
        Load load;
        load.look();
        load.calls().deliver(absl::UnimplementedError("no such method"));
        QCOMPARE(load.presenter.notice().state, ViewState::VersionSkew);
        QVERIFY(load.presenter.polls().whyEmpty.contains(QStringLiteral("older")));
    }

    void aFailureIsSaidAndTriedAgain() {
        Load load(milliseconds(1));
        load.look();
        load.calls().deliver(base::failedPrecondition("STORAGE", "", "the disk is full"));
        QCOMPARE(load.presenter.notice().state, ViewState::Error);
        QVERIFY(tests::spinUntil([&] { return load.calls().made() == 2; }));
        load.calls().deliver(
            services::MasterLoads{loadOf("a:1", {load.sample(10, 5), load.sample(20, 5)})});
        QCOMPARE(load.presenter.notice().state, ViewState::Ready);
        // And one that comes later leaves what is there.
        QVERIFY(tests::spinUntil([&] { return load.calls().made() == 3; }));
        load.calls().deliver(base::failedPrecondition("STORAGE", "", "the disk is full"));
        QCOMPARE(load.presenter.polls().series.size(), 1);
        QVERIFY(!load.presenter.polls().note.isEmpty());
    }

    void aBrokenLineLeavesWhatWasSeenAndSaysSo() {
        Load load;
        load.look();
        load.calls().deliver(
            services::MasterLoads{loadOf("a:1", {load.sample(10, 5), load.sample(20, 5)})});
        QCOMPARE(load.presenter.polls().note, QString());
        load.master.connection.tell(services::LinkState::Stale);
        QCOMPARE(load.presenter.notice().state, ViewState::Stale);
        QCOMPARE(load.presenter.polls().series.size(), 1);
        QVERIFY(!load.presenter.polls().note.isEmpty());
        load.master.connection.tell(services::LinkState::Reconnecting);
        QCOMPARE(load.presenter.notice().state, ViewState::Offline);
        QCOMPARE(load.presenter.polls().series.size(), 1);
        load.hub.close();
        QVERIFY(!load.presenter.polls().whyEmpty.isEmpty());
        QCOMPARE(load.presenter.notice().state, ViewState::Empty);
    }
};

QTEST_GUILESS_MAIN(TestMasterLoadPresenter)
#include "tst_master_load_presenter.moc"
