// SPDX-License-Identifier: GPL-3.0-or-later
// Every control that asks the master for something: pressed, it makes exactly its call; a "no" to
// its question makes none.
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QSignalSpy>

#include "gui/models/status_words.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/pages/page.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "gui/widgets/data_table.h"
#include "tests/gui/pages/sheet_answer.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using domain::ReleaseVerb;
using gui::app::MainWindow;
using tests::Answer;
using tests::button;
using tests::callsMade;
using tests::SheetAnswer;
using tests::WindowFixture;

class TestPageVerbs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void releaseVerbs_data();
    void releaseVerbs();
    void deletesAPackage_data();
    void deletesAPackage();
    void publishesWhatIsDropped();
    void clearsWhatFailed_data();
    void clearsWhatFailed();
    void removesMachines_data();
    void removesMachines();
    void revokesAMachine_data() { tests::addAnswers(); }
    void revokesAMachine();
    void aRefusalIsOfItsMachine();
    void walksTheAuditChain();
    void signsInAndTests();
    void mapFiltersWithoutAnyCall();
    void freezesTheCluster_data();
    void freezesTheCluster();
    void theWizardProposesTheSameAgain();
};

void TestPageVerbs::releaseVerbs_data() {
    QTest::addColumn<int>("verb");
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("asks");
    QTest::addColumn<int>("answer");
    const struct {
        ReleaseVerb verb;
        domain::ReleaseState state;
        bool asks;
    } verbs[] = {{ReleaseVerb::Start, domain::ReleaseState::Draft, true},
                 {ReleaseVerb::Approve, domain::ReleaseState::Draft, true},
                 {ReleaseVerb::Verify, domain::ReleaseState::Running, true},
                 {ReleaseVerb::Promote, domain::ReleaseState::Running, true},
                 {ReleaseVerb::PromoteAll, domain::ReleaseState::Running, true},
                 {ReleaseVerb::RetryFailed, domain::ReleaseState::Halted, true},
                 {ReleaseVerb::Pause, domain::ReleaseState::Running, false},
                 {ReleaseVerb::Resume, domain::ReleaseState::Paused, false},
                 {ReleaseVerb::Rollback, domain::ReleaseState::Running, true},
                 {ReleaseVerb::Abort, domain::ReleaseState::Running, true}};
    const struct {
        Answer answer;
        const char* name;
    } answers[] = {{Answer::Yes, "yes"}, {Answer::No, "no"}, {Answer::Escape, "escape"}};
    for (const auto& verb : verbs) {
        for (const auto& answer : answers) {
            const QString name = gui::models::StatusWords::nameOf(verb.verb);
            QTest::newRow(qPrintable(name + QLatin1Char(' ') + QLatin1String(answer.name)))
                << static_cast<int>(verb.verb) << static_cast<int>(verb.state) << verb.asks
                << static_cast<int>(answer.answer);
            if (!verb.asks) break;
        }
    }
}

void TestPageVerbs::releaseVerbs() {
    QFETCH(int, verb);
    QFETCH(int, state);
    QFETCH(bool, asks);
    QFETCH(int, answer);
    const auto wanted = static_cast<ReleaseVerb>(verb);
    WindowFixture fixture;
    auto& release = fixture.master.releases.front();
    release.release.state = static_cast<domain::ReleaseState>(state);
    release.allowedVerbs = {wanted};
    // Approve is another person's, where one is asked for.
    release.approvalRequired = wanted == ReleaseVerb::Approve;
    release.release.createdBy = "chen.yu";
    // Promote all is offered where it does more than promote.
    if (wanted == ReleaseVerb::PromoteAll) release.stages.push_back({});
    fixture.connect();
    fixture.window->showPage(QStringLiteral("release"));
    WindowFixture::settle();
    const QString name =
        gui::models::StatusWords::nameOf(wanted) + (asks ? QStringLiteral("…") : QString());
    QAbstractButton* pressed = button(fixture.window->page(), name);
    QVERIFY2(pressed, qPrintable(name));
    QVERIFY2(pressed->isEnabled(), qPrintable(pressed->toolTip()));
    // The others are refused by the master's own word.
    for (const ReleaseVerb other : gui::presenters::ReleasePresenter::verbs())
        QCOMPARE(fixture.desktop->release.action(other).enabled(), other == wanted);
    tests::FakeMaster& fakes = fixture.master.fakes();
    const std::size_t before = callsMade(fakes);
    // These reach what the plan says that the master makes now.
    const bool starts = wanted == ReleaseVerb::Start || wanted == ReleaseVerb::Approve;
    const std::uint64_t reached = starts ? 192 : release.reachedBy(wanted);
    const SheetAnswer person(static_cast<Answer>(answer), static_cast<qint64>(reached));
    QTest::mouseClick(pressed, Qt::LeftButton);
    if (starts) WindowFixture::settle();
    QCOMPARE(person.asked(), asks);
    const bool acts = !asks || static_cast<Answer>(answer) == Answer::Yes;
    QCOMPARE(callsMade(fakes), before + (acts ? 1 : 0));
    if (!acts) return;
    const auto& request = fakes.releases.actCalls.last();
    QCOMPARE(request.verb, wanted);
    QCOMPARE(request.releaseId, release.release.id);
    QCOMPARE(request.mutation.reason, std::string(asks ? "OPS-2219" : ""));
    if (starts) QCOMPARE(request.planId, std::string("8c1f3a"));
    if (starts) QCOMPARE(request.mutation.resolvedAtGeneration, std::uint64_t{10'442});
    if (asks) QCOMPARE(request.mutation.expectedCount, std::optional(reached));
    // Until it is answered a second press does nothing.
    QVERIFY(!pressed->isEnabled());
}

void TestPageVerbs::deletesAPackage_data() {
    tests::addAnswers();
}

void TestPageVerbs::deletesAPackage() {
    QFETCH(int, answer);
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Packages);
    auto* table = fixture.window->findChild<gui::widgets::DataTable*>(QStringLiteral("packages"));
    auto& packages = fixture.desktop->packages;
    const auto& unused = fixture.master.packages[2];
    QVERIFY(!unused.inUse);
    table->selectRow(packages.model().rowOfKey(QString::fromStdString(unused.manifestDigest)));
    WindowFixture::settle();
    QAbstractButton* remove = button(fixture.window->page(), QStringLiteral("Delete…"));
    QVERIFY(remove && remove->isEnabled());
    auto& calls = fixture.master.fakes().packages.removeCalls;
    const SheetAnswer person(static_cast<Answer>(answer), 1);
    QTest::mouseClick(remove, Qt::LeftButton);
    QVERIFY(person.asked());
    const bool yes = static_cast<Answer>(answer) == Answer::Yes;
    QCOMPARE(callsMade(fixture.master.fakes()), std::size_t(yes ? 1 : 0));
    if (yes) QCOMPARE(calls.last().first, unused.manifestDigest);
    // What is in use cannot even be asked for.
    table->selectRow(packages.model().rowOfKey(
        QString::fromStdString(fixture.master.packages.front().manifestDigest)));
    QVERIFY(!remove->isEnabled());
    QVERIFY(remove->toolTip().contains(QStringLiteral("in use")));
}

void TestPageVerbs::publishesWhatIsDropped() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Packages);
    WindowFixture::settle();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QStringLiteral("/tmp/logd-1.ifrit"))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(fixture.window->page(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(fixture.window->page(), &drop);
    auto& calls = fixture.master.fakes().packages.publishCalls;
    QCOMPARE(calls.made(), std::size_t{1});
    QCOMPARE(calls.last().path, std::string("/tmp/logd-1.ifrit"));
    QAbstractButton* cancel = button(fixture.window->page(), QStringLiteral("Cancel"));
    QVERIFY(cancel);
    QTest::mouseClick(cancel, Qt::LeftButton);
    QVERIFY(!fixture.desktop->packages.publishing());
    QCOMPARE(callsMade(fixture.master.fakes()), std::size_t{1});
}

void TestPageVerbs::clearsWhatFailed_data() {
    deletesAPackage_data();
}

void TestPageVerbs::clearsWhatFailed() {
    QFETCH(int, answer);
    WindowFixture fixture;
    // Two agents of one machine: each is a call of its own.
    auto& machine = fixture.master.machines.front();
    machine.agents.push_back(machine.agents.front());
    machine.agents.back().name = "logd";
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    qobject_cast<gui::pages::MachinesPage*>(fixture.window->page())
        ->showMachine(QString::fromStdString(machine.uuid));
    WindowFixture::settle();
    QAbstractButton* clear =
        button(fixture.window->page(), QStringLiteral("Try bad version again…"));
    QVERIFY(clear && clear->isEnabled());
    auto& calls = fixture.master.fakes().fleet.clearCalls;
    const SheetAnswer person(static_cast<Answer>(answer), 1);
    QTest::mouseClick(clear, Qt::LeftButton);
    QVERIFY(person.asked());
    const bool yes = static_cast<Answer>(answer) == Answer::Yes;
    QCOMPARE(callsMade(fixture.master.fakes()), std::size_t(yes ? 2 : 0));
    if (!yes) return;
    QCOMPARE(calls.request(0).agent, std::string("node-exporter"));
    QCOMPARE(calls.request(1).agent, std::string("logd"));
    QCOMPARE(calls.request(1).uuids, std::vector<std::string>{machine.uuid});
    QCOMPARE(calls.request(1).mutation.reason, std::string("OPS-2219"));
}

void TestPageVerbs::removesMachines_data() {
    deletesAPackage_data();
}

void TestPageVerbs::removesMachines() {
    QFETCH(int, answer);
    WindowFixture fixture;
    std::vector<std::string> gone;
    const std::int64_t hourAgo = base::toUnixMillis(fixture.clock.now()) - 3'600'000;
    for (const auto& machine : fixture.master.machines) {
        if (machine.lastSeenMs < hourAgo && gone.size() < 2) gone.push_back(machine.uuid);
    }
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    QWidget* page = fixture.window->page();
    QAbstractButton* remove = button(page, QStringLiteral("Remove…"));
    QVERIFY(remove && !remove->isEnabled());
    QCOMPARE(remove->toolTip(), QStringLiteral("No machine is chosen."));
    auto* table = page->findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    const auto select = [&](const std::string& uuid) {
        auto& model = fixture.desktop->machines.model();
        table->selectionModel()->select(
            model.index(model.rowOfUuid(QString::fromStdString(uuid)), 0),
            QItemSelectionModel::Select | QItemSelectionModel::Rows);
    };
    std::for_each(gone.begin(), gone.end(), select);
    QVERIFY2(remove->isEnabled(), qPrintable(remove->toolTip()));
    auto& calls = fixture.master.fakes().fleet.removeCalls;
    const SheetAnswer person(static_cast<Answer>(answer), 2);
    QTest::mouseClick(remove, Qt::LeftButton);
    QVERIFY(person.asked());
    const bool yes = static_cast<Answer>(answer) == Answer::Yes;
    QCOMPARE(callsMade(fixture.master.fakes()), std::size_t(yes ? 1 : 0));
    if (yes) {
        auto sent = calls.last().uuids;
        std::sort(sent.begin(), sent.end());
        std::sort(gone.begin(), gone.end());
        QCOMPARE(sent, gone);
        QCOMPARE(calls.last().mutation.expectedCount, std::optional<std::uint64_t>(2));
        QCOMPARE(calls.last().mutation.reason, std::string("OPS-2219"));
        calls.deliver(absl::FailedPreconditionError("one of them came back"));
        const auto* told = page->findChild<QLabel*>(QStringLiteral("answer"));
        QVERIFY(
            told->text().startsWith(QStringLiteral("Nothing was changed: One of them came back.")));
    }
    // One that is alive cannot even be asked for.
    select(fixture.master.machines.front().uuid);
    QVERIFY(!remove->isEnabled());
    QVERIFY(remove->toolTip().contains(QStringLiteral("Stop ifrit there and wait")));
}

void TestPageVerbs::revokesAMachine() {
    QFETCH(int, answer);
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    auto* page = qobject_cast<gui::pages::MachinesPage*>(fixture.window->page());
    QAbstractButton* revoke = button(page, QStringLiteral("Revoke…"));
    QVERIFY(revoke && !revoke->isEnabled());
    QCOMPARE(revoke->toolTip(), QStringLiteral("No machine is chosen."));
    // One that is alive, which cannot be removed.
    const std::string uuid = fixture.master.machines.front().uuid;
    page->showMachine(QString::fromStdString(uuid));
    QVERIFY2(revoke->isEnabled(), qPrintable(revoke->toolTip()));
    auto& calls = fixture.master.fakes().access.revokeMachineCalls;
    const SheetAnswer person(static_cast<Answer>(answer), 1);
    QTest::mouseClick(revoke, Qt::LeftButton);
    QVERIFY(person.asked());
    const bool yes = static_cast<Answer>(answer) == Answer::Yes;
    QCOMPARE(callsMade(fixture.master.fakes()), std::size_t(yes ? 1 : 0));
    QSignalSpy told(page, &gui::pages::Page::told);
    if (yes) {
        QCOMPARE(calls.last().first, uuid);
        QCOMPARE(calls.last().second.expectedCount, std::optional<std::uint64_t>(1));
        QCOMPARE(calls.last().second.reason, std::string("OPS-2219"));
        calls.deliver(std::uint32_t{2});
        QVERIFY(told[0][0].toString().startsWith(QString::fromStdString(uuid)));
    }
    page->findChild<gui::widgets::DataTable*>(QStringLiteral("machines"))->selectAll();
    QVERIFY(!revoke->isEnabled());
    QVERIFY(revoke->toolTip().contains(QStringLiteral("one machine")));
}

// It stood in red over whichever machine was chosen next.
void TestPageVerbs::aRefusalIsOfItsMachine() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    auto* page = qobject_cast<gui::pages::MachinesPage*>(fixture.window->page());
    auto* answer = page->findChild<QLabel*>(QStringLiteral("answer"));
    auto& calls = fixture.master.fakes().access.revokeMachineCalls;
    // One that is away long enough to be removed, too.
    const std::int64_t hourAgo = base::toUnixMillis(fixture.clock.now()) - 3'600'000;
    const auto& machines = fixture.master.machines;
    const auto refused = std::find_if(machines.begin(), machines.end(), [&](const auto& machine) {
        return machine.lastSeenMs < hourAgo;
    });
    QVERIFY(refused != machines.end());
    const auto refuse = [&] {
        page->showMachine(QString::fromStdString(refused->uuid));
        const SheetAnswer person(Answer::Yes, 1);
        QTest::mouseClick(button(page, QStringLiteral("Revoke…")), Qt::LeftButton);
        calls.deliver(absl::PermissionDeniedError("not yours"));
        WindowFixture::settle();
        return answer->isVisible() &&
               answer->text().startsWith(QStringLiteral("Nothing was changed: "));
    };
    QVERIFY2(refuse(), qPrintable(answer->text()));
    page->showMachine(QString::fromStdString(machines[0].uuid));
    QVERIFY(!answer->isVisible());
    for (const char* verb : {"Revoke…", "Remove…"}) {
        QVERIFY(refuse());
        const SheetAnswer nobody(Answer::No, 1);
        QTest::mouseClick(button(page, QString::fromUtf8(verb)), Qt::LeftButton);
        QVERIFY(nobody.asked());
        QVERIFY(!answer->isVisible());
    }
    QVERIFY(refuse());
    fixture.master.breakLine();
    fixture.master.connect();
    WindowFixture::settle();
    QVERIFY(!answer->isVisible());
}

void TestPageVerbs::walksTheAuditChain() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Audit);
    WindowFixture::settle();
    QAbstractButton* verify = button(fixture.window->page(), QStringLiteral("Verify chain"));
    QVERIFY(verify);
    QTest::mouseClick(verify, Qt::LeftButton);
    fixture.finishWork();
    QCOMPARE(fixture.master.fakes().audit.verifyCalls.made(), std::size_t{1});
    QCOMPARE(callsMade(fixture.master.fakes()), std::size_t{1});
    WindowFixture::settle();
    QVERIFY(fixture.desktop->audit.verifyText().contains(QStringLiteral("intact")));
}

void TestPageVerbs::signsInAndTests() {
    WindowFixture fixture;
    QFile file(fixture.directory.filePath(QStringLiteral("admin.bundle")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    bundle::Bundle content = tests::ScriptedMaster::profile().bundle;
    content.caPem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    file.write(QByteArray::fromStdString(bundle::formatBundle(content)));
    file.close();
    QCOMPARE(fixture.desktop->connections.import(file.fileName()), 0);
    fixture.window->showView(MainWindow::Connections);
    tests::FakeMaster& fakes = fixture.master.fakes();
    QWidget* page = fixture.window->page();
    const auto press = [&](const char* text) {
        QAbstractButton* found = button(page, QString::fromLatin1(text));
        if (found != nullptr) QTest::mouseClick(found, Qt::LeftButton);
        return found != nullptr;
    };
    QVERIFY(press("Connect"));
    QTRY_COMPARE(fakes.sessions, 1);
    fixture.master.connect();
    WindowFixture::settle();
    QVERIFY(press("Test connection"));
    QTRY_COMPARE(fakes.connection.testCalls.made(), std::size_t{1});
    QList<QLineEdit*> fields;
    for (auto* field : page->findChildren<QLineEdit*>()) {
        if (field->accessibleName() == QStringLiteral("User") ||
            field->accessibleName() == QStringLiteral("Password")) {
            fields << field;
        }
    }
    QCOMPARE(fields.size(), 2);
    QTest::keyClicks(fields[0], QStringLiteral("wang"));
    QTest::keyClicks(fields[1], QStringLiteral("secret"));
    QVERIFY(press("Sign in"));
    QCOMPARE(fakes.connection.loginCalls.last(),
             (std::pair<std::string, std::string>("wang", "secret")));
    QVERIFY2(fields[1]->text().isEmpty(), "a password is not left on screen");
    QCOMPARE(callsMade(fakes), std::size_t{2});
    QVERIFY(press("Disconnect"));
    QVERIFY(!fixture.desktop->hub.hasSession());
    QVERIFY(press("Forget"));
    QVERIFY(fixture.desktop->connections.masters().empty());
    QVERIFY(press("cn-north-1 was forgotten. Undo"));
    QCOMPARE(fixture.desktop->connections.masters().size(), std::size_t{1});
}

void TestPageVerbs::mapFiltersWithoutAnyCall() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Map);
    WindowFixture::settle();
    for (auto* each : fixture.window->page()->findChildren<QAbstractButton*>()) {
        // The chip of the releases leads away; what ends in "…" asks first.
        const bool leads = each->text().contains(QStringLiteral("release")) ||
                           each->text().endsWith(QStringLiteral("…"));
        if (each->isVisible() && !leads) each->click();
    }
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Cluster map"));
    QCOMPARE(callsMade(fixture.master.fakes()), std::size_t{0});
    QTest::mouseClick(button(fixture.window->page(), QStringLiteral("1 open release")),
                      Qt::LeftButton);
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Releases"));
}

void TestPageVerbs::freezesTheCluster_data() {
    QTest::addColumn<int>("view");
    QTest::addColumn<int>("answer");
    for (const int view : {int(MainWindow::Map), int(MainWindow::Releases)}) {
        const QByteArray name = view == MainWindow::Map ? "map" : "releases";
        QTest::newRow(name + " yes") << view << static_cast<int>(Answer::Yes);
        QTest::newRow(name + " no") << view << static_cast<int>(Answer::No);
        QTest::newRow(name + " escape") << view << static_cast<int>(Answer::Escape);
    }
}

void TestPageVerbs::freezesTheCluster() {
    QFETCH(int, view);
    QFETCH(int, answer);
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(view);
    auto& fleet = fixture.master.fakes().fleet;
    const std::size_t before = callsMade(fixture.master.fakes());
    QAbstractButton* freeze = button(fixture.window->page(), QStringLiteral("Freeze…"));
    QVERIFY(freeze);
    SheetAnswer hand(static_cast<Answer>(answer), 0);
    QTest::mouseClick(freeze, Qt::LeftButton);
    QVERIFY(hand.asked());
    WindowFixture::settle();
    if (static_cast<Answer>(answer) != Answer::Yes) {
        QCOMPARE(callsMade(fixture.master.fakes()), before);
        return;
    }
    QCOMPARE(callsMade(fixture.master.fakes()), before + 1);
    QCOMPARE(fleet.freezeCalls.made(), std::size_t{1});
    QCOMPARE(fixture.master.frozen->reason, std::string("OPS-2219"));
    const auto* banner = fixture.window->page()->findChild<QLabel*>(QStringLiteral("frozen"));
    QVERIFY(banner->isVisible() && banner->text().contains(QStringLiteral("OPS-2219")));
    SheetAnswer again(Answer::Yes, 0);
    QTest::mouseClick(freeze, Qt::LeftButton);
    WindowFixture::settle();
    QCOMPARE(fleet.unfreezeCalls.made(), std::size_t{1});
    QVERIFY(!banner->isVisible());
}

// The second time its packages are known at once, and its empty fields were taken for typed ones:
// batches would have followed each other without an interval.
void TestPageVerbs::theWizardProposesTheSameAgain() {
    WindowFixture fixture;
    fixture.connect();
    for (int time = 0; time < 2; ++time) {
        gui::pages::NewReleaseDialog wizard(fixture.theme, fixture.desktop->newRelease,
                                            fixture.window.get());
        wizard.show();
        WindowFixture::settle();
        const auto& form = fixture.desktop->newRelease.form();
        QCOMPARE(form.intervalMinutes, 5);
        QCOMPARE(form.soakMinutes, 10);
        QCOMPARE(form.deadlineMinutes, 10);
        QVERIFY(!form.agent.isEmpty());
    }
}

QTEST_MAIN(TestPageVerbs)
#include "tst_page_verbs.moc"
