// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/app/notifier.h"
#include "tests/gui/presenters/roster_desk.h"

using namespace ifrit;
using namespace gui::app;
using gui::presenters::ReleaseNotice;
using Kind = ReleaseNotice::Kind;

namespace {

class FakeBell final : public DesktopBell {
public:
    bool ring(const QString&, const QString& text, std::function<void()> act) override {
        if (!works) return false;
        rung << text;
        clicked = std::move(act);
        return true;
    }
    bool works = true;
    QStringList rung;
    std::function<void()> clicked;
};

struct Noticed {
    ReleaseNotice notice(Kind kind) const {
        ReleaseNotice out;
        out.kind = kind;
        out.info.release.id = "r-12";
        out.info.release.number = 12;
        return out;
    }
    tests::HubFixture fixture;
    gui::presenters::ReleasesPresenter releases{fixture.hub, fixture.feed};
    gui::presenters::ReleaseWatch watch{fixture.hub, releases};
    FakeBell bell;
    bool wanted = true;
    bool looking = false;
    Notifier::Cluster cluster{QStringLiteral("shop"), QStringLiteral("/shop.bundle")};
    QStringList told;
    QStringList opened;
    Notifier notifier{
        watch,
        {bell, [this] { return wanted; }, [this] { return looking; },
         [this](const QString& text) { told << text; },
         [this](const QString& text) { told.removeOne(text); }, [this] { return cluster; },
         [this](const Notifier::Cluster& where, const QString& id) {
             opened << where.bundlePath + QLatin1Char(' ') + id;
         }}};
};

}  // namespace

class TestNotifier : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onTheDesktopWhileNobodyLooks();
    void ofAClusterThatWasLeftItOpensItThere();
    void ofAnotherClusterItSaysWhich();
    void eachIsASentence();
    void inTheWindowWhileItIsLookedAt();
    void inTheWindowWhereThereIsNoBell();
    void onlyWhatWantsAttention();
    void ofSomethingElseItShowsThat();
    void whatIsNotSoAnyMoreIsTakenBack();
    void notWhereItIsNotWanted();
    void oneOfSeveralSaysThatItIsTheNewest();
};

void TestNotifier::onTheDesktopWhileNobodyLooks() {
    Noticed noticed;
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::Halted));
    QCOMPARE(noticed.bell.rung.size(), 1);
    QVERIFY(noticed.told.isEmpty());
    noticed.bell.clicked();
    QCOMPARE(noticed.opened, QStringList{QStringLiteral("/shop.bundle r-12")});
}

// The same id is another release in the window's own, or none.
void TestNotifier::ofAClusterThatWasLeftItOpensItThere() {
    Noticed noticed;
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::Halted));
    noticed.cluster = {QStringLiteral("bank"), QStringLiteral("/bank.bundle")};
    noticed.bell.clicked();
    QCOMPARE(noticed.opened, QStringList{QStringLiteral("/shop.bundle r-12")});
}

void TestNotifier::ofAnotherClusterItSaysWhich() {
    Noticed noticed;
    tests::RosterDesk desk;
    gui::presenters::FleetNotices others(*desk.roster);
    noticed.notifier.follow(others);
    Q_EMIT others.happened(
        {QStringLiteral("bank"), QStringLiteral("/bank.bundle"), noticed.notice(Kind::Halted)});
    QCOMPARE(noticed.bell.rung.size(), 1);
    QVERIFY2(noticed.bell.rung[0].startsWith(QStringLiteral("bank: #12 ")),
             qPrintable(noticed.bell.rung[0]));
    noticed.bell.clicked();
    QCOMPARE(noticed.opened, QStringList{QStringLiteral("/bank.bundle r-12")});
}

// Those of campaigns had their full stop, those of releases none.
void TestNotifier::eachIsASentence() {
    Noticed noticed;
    for (const Kind kind : {Kind::Waits, Kind::Halted, Kind::Done})
        Q_EMIT noticed.watch.happened(noticed.notice(kind));
    QCOMPARE(noticed.bell.rung.size(), 3);
    for (const QString& said : noticed.bell.rung)
        QVERIFY2(said.endsWith(QLatin1Char('.')), qPrintable(said));
}

void TestNotifier::inTheWindowWhileItIsLookedAt() {
    Noticed noticed;
    noticed.looking = true;
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::Done));
    QVERIFY(noticed.bell.rung.isEmpty());
    QCOMPARE(noticed.told.size(), 1);
}

void TestNotifier::inTheWindowWhereThereIsNoBell() {
    Noticed noticed;
    noticed.bell.works = false;
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::Waits));
    QCOMPARE(noticed.told.size(), 1);
}

void TestNotifier::onlyWhatWantsAttention() {
    Noticed noticed;
    for (const Kind kind : {Kind::Drafted, Kind::Started, Kind::StageOpened, Kind::Paused,
                            Kind::Resumed, Kind::RollingBack}) {
        Q_EMIT noticed.watch.happened(noticed.notice(kind));
    }
    QVERIFY(noticed.bell.rung.isEmpty());
    for (const Kind kind :
         {Kind::Waits, Kind::Halted, Kind::RolledBack, Kind::Aborted, Kind::Done}) {
        Q_EMIT noticed.watch.happened(noticed.notice(kind));
    }
    QCOMPARE(noticed.bell.rung.size(), 5);
}

void TestNotifier::ofSomethingElseItShowsThat() {
    Noticed noticed;
    int shown = 0;
    const auto say = [&] {
        noticed.notifier.say(QStringLiteral("Campaigns"), QStringLiteral("west can be started."),
                             [&shown] { ++shown; });
    };
    say();
    QCOMPARE(noticed.bell.rung, QStringList{QStringLiteral("west can be started.")});
    noticed.bell.clicked();
    QCOMPARE(shown, 1);
    noticed.looking = true;
    say();
    QCOMPARE(noticed.told.size(), 1);
}

// "#12 waits for a person at stage Pilot" stood there while later batches were open.
void TestNotifier::whatIsNotSoAnyMoreIsTakenBack() {
    Noticed noticed;
    noticed.looking = true;
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::Waits));
    QCOMPARE(noticed.told.size(), 1);
    ReleaseNotice other = noticed.notice(Kind::StageOpened);
    other.info.release.id = "r-13";
    Q_EMIT noticed.watch.happened(other);
    QCOMPARE(noticed.told.size(), 1);
    // Of the same id, elsewhere.
    const Notifier::Cluster here = noticed.cluster;
    noticed.cluster = {QStringLiteral("bank"), QStringLiteral("/bank.bundle")};
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::StageOpened));
    QCOMPARE(noticed.told.size(), 1);
    noticed.cluster = here;
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::StageOpened));
    QCOMPARE(noticed.told, QStringList());
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::Waits));
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::Halted));
    QCOMPARE(noticed.told.size(), 1);
    QVERIFY2(noticed.told[0].contains(QStringLiteral("halted")), qPrintable(noticed.told[0]));
}

void TestNotifier::notWhereItIsNotWanted() {
    Noticed noticed;
    noticed.wanted = false;
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::Halted));
    QVERIFY(noticed.bell.rung.isEmpty());
    QVERIFY(noticed.told.isEmpty());
}

// A click on an older notification opened the release of the newest one without a word.
void TestNotifier::oneOfSeveralSaysThatItIsTheNewest() {
    Noticed noticed;
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::Waits));
    noticed.bell.clicked();
    QVERIFY(noticed.told.isEmpty());
    Q_EMIT noticed.watch.happened(noticed.notice(Kind::Halted));
    noticed.bell.clicked();
    QCOMPARE(noticed.opened.size(), 2);
    QCOMPARE(noticed.told.size(), 1);
    QVERIFY2(noticed.told[0].contains(QStringLiteral("newest")), qPrintable(noticed.told[0]));
}

QTEST_MAIN(TestNotifier)
#include "tst_release_notifier.moc"
