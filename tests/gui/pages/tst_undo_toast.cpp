// SPDX-License-Identifier: GPL-3.0-or-later
// What was done without a question can be taken back from the note that tells of it.
#include <QTest>

#include "gui/widgets/toast.h"
#include "tests/gui/pages/open_other.h"
#include "tests/gui/pages/widget_faults.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
namespace services = gui::services;
using domain::ReleaseVerb;
using gui::widgets::Toast;
using tests::WindowFixture;

namespace {

struct Paused {
    Paused() {
        fixture.window->resize(1440, 900);
        fixture.master.releases.push_back(fixture.master.stagedRelease());
        fixture.connect();
        tests::pauseRelease(fixture, &sent);
    }
    Toast& toast() { return *fixture.window->findChild<Toast*>(); }
    QPushButton& button() { return *toast().findChild<QPushButton*>(QStringLiteral("undo")); }

    std::vector<services::ReleaseAct> sent;
    WindowFixture fixture;
};

}  // namespace

class TestUndoToast : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theButtonSendsTheOppositeVerb();
    void theKeyDoesTheSame();
    void itGoesAfterAWhileUnlessSomebodyIsOnIt();
    void anotherNoteTakesItsPlace();
    void whatHappensElsewhereWaits();
    void itGoesWithTheSession();
    void aPlainNoteHasNoButton();
    void whatIsNotSoAnyMoreGoes();
    void aNoteCoversNothing_data();
    void aNoteCoversNothing();
};

void TestUndoToast::theButtonSendsTheOppositeVerb() {
    Paused paused;
    QVERIFY(paused.toast().isVisible() && paused.toast().offers());
    QVERIFY2(paused.toast().text().contains(QStringLiteral("was paused")),
             qPrintable(paused.toast().text()));
    QVERIFY(paused.button().isVisible());
    QVERIFY(paused.button().accessibleName().startsWith(QStringLiteral("Undo: ")));
    QVERIFY(paused.button().focusPolicy() & Qt::TabFocus);
    QVERIFY(tests::widgetFaults(paused.toast()).isEmpty());
    QTest::mouseClick(&paused.button(), Qt::LeftButton);
    WindowFixture::settle();
    QCOMPARE(paused.sent.size(), std::size_t{2});
    const services::ReleaseAct& pause = paused.sent[0];
    const services::ReleaseAct& undo = paused.sent[1];
    QCOMPARE(pause.verb, ReleaseVerb::Pause);
    QCOMPARE(undo.verb, ReleaseVerb::Resume);
    QCOMPARE(undo.releaseId, pause.releaseId);
    QVERIFY(!undo.mutation.requestId.empty());
    QVERIFY(undo.mutation.requestId != pause.mutation.requestId);
    QVERIFY(undo.mutation.reason.starts_with("Undo of"));
    QVERIFY(!paused.toast().offers());
    QVERIFY(paused.toast().text().startsWith(QStringLiteral("Undone")));
    QVERIFY(!paused.button().isVisible());
}

void TestUndoToast::theKeyDoesTheSame() {
    Paused paused;
    QTest::keyClick(paused.fixture.window.get(), Qt::Key_Z, Qt::ControlModifier);
    WindowFixture::settle();
    QCOMPARE(paused.sent.size(), std::size_t{2});
    QCOMPARE(paused.sent[1].verb, ReleaseVerb::Resume);
    // There is nothing more to undo.
    QTest::keyClick(paused.fixture.window.get(), Qt::Key_Z, Qt::ControlModifier);
    WindowFixture::settle();
    QCOMPARE(paused.sent.size(), std::size_t{2});
}

void TestUndoToast::itGoesAfterAWhileUnlessSomebodyIsOnIt() {
    Paused paused;
    paused.fixture.window->activateWindow();
    WindowFixture::settle();
    paused.button().setFocus();
    QVERIFY(paused.button().hasFocus());
    paused.toast().expire();
    QVERIFY(paused.toast().isVisible());
    paused.fixture.window->page()->focusContent();
    paused.toast().expire();
    QVERIFY(!paused.toast().isVisible());
    QVERIFY(!paused.fixture.desktop->releaseUndo.offered());
    QTest::keyClick(paused.fixture.window.get(), Qt::Key_Z, Qt::ControlModifier);
    WindowFixture::settle();
    QCOMPARE(paused.sent.size(), std::size_t{1});
}

void TestUndoToast::anotherNoteTakesItsPlace() {
    Paused paused;
    paused.fixture.window->tell(QStringLiteral("Something else."));
    QVERIFY(!paused.fixture.desktop->releaseUndo.offered());
    QVERIFY(!paused.button().isVisible());
    QVERIFY(paused.toast().isVisible());
}

void TestUndoToast::whatHappensElsewhereWaits() {
    Paused paused;
    const QString offer = paused.toast().text();
    paused.fixture.window->inform(QStringLiteral("#2 waits for a person."));
    QCOMPARE(paused.toast().text(), offer);
    QVERIFY(paused.button().isVisible());
    QVERIFY(paused.fixture.desktop->releaseUndo.offered());
    paused.fixture.window->page()->focusContent();
    paused.toast().expire();
    QVERIFY(!paused.fixture.desktop->releaseUndo.offered());
    QVERIFY(paused.toast().isVisible());
    QCOMPARE(paused.toast().text(), QStringLiteral("#2 waits for a person."));
    QVERIFY(!paused.button().isVisible());
    paused.toast().expire();
    QVERIFY(!paused.toast().isVisible());
}

void TestUndoToast::itGoesWithTheSession() {
    Paused paused;
    paused.fixture.desktop->hub.close();
    QVERIFY(!paused.toast().isVisible());
    QTest::keyClick(paused.fixture.window.get(), Qt::Key_Z, Qt::ControlModifier);
    WindowFixture::settle();
    QCOMPARE(paused.sent.size(), std::size_t{1});
}

void TestUndoToast::aPlainNoteHasNoButton() {
    WindowFixture fixture;
    fixture.window->tell(QStringLiteral("Copied."));
    auto* toast = fixture.window->findChild<Toast*>();
    QVERIFY(toast->isVisible() && !toast->offers());
    QVERIFY(!toast->findChild<QPushButton*>(QStringLiteral("undo"))->isVisible());
    toast->expire();
    QVERIFY(!toast->isVisible());
}

void TestUndoToast::aNoteCoversNothing_data() {
    QTest::addColumn<QString>("page");
    for (const QString& page : gui::app::MainWindow::pageNames())
        QTest::newRow(qPrintable(page)) << page;
}

void TestUndoToast::whatIsNotSoAnyMoreGoes() {
    Paused paused;
    const QString first = QStringLiteral("#2 waits for a person.");
    paused.fixture.window->inform(first);
    paused.fixture.window->takeBack(first);
    paused.fixture.window->page()->focusContent();
    paused.toast().expire();
    QVERIFY(!paused.toast().isVisible());
    paused.fixture.window->inform(first);
    QVERIFY(paused.toast().isVisible());
    paused.fixture.window->takeBack(QStringLiteral("Something else."));
    QVERIFY(paused.toast().isVisible());
    paused.fixture.window->takeBack(first);
    QVERIFY(!paused.toast().isVisible());
}

// A legend, a button, the figures of an axis: what stands at the foot of a page is there to be read
// and pressed while the note is shown.
void TestUndoToast::aNoteCoversNothing() {
    QFETCH(QString, page);
    WindowFixture fixture;
    fixture.window->resize(1440, 900);
    fixture.connect();
    QVERIFY(fixture.window->showPage(page));
    WindowFixture::settle();
    const int before = fixture.window->page()->height();
    fixture.window->tell(QStringLiteral("#2 node-exporter waits for a person at stage Pilot"));
    WindowFixture::settle();
    auto* toast = fixture.window->findChild<Toast*>();
    QVERIFY(toast->isVisible());
    const QRect note(toast->mapTo(fixture.window.get(), QPoint()), toast->size());
    const QRect shown = fixture.window->page()->visibleRegion().boundingRect().translated(
        fixture.window->page()->mapTo(fixture.window.get(), QPoint()));
    QVERIFY2(shown.bottom() < note.top(),
             qPrintable(QStringLiteral("%1 %2").arg(shown.bottom()).arg(note.top())));
    // And nothing goes from under a pointer when it comes.
    QCOMPARE(fixture.window->page()->height(), before);
    QVERIFY(fixture.window->rect().contains(note));
    // What has no room in one line grows above it, over nothing either.
    fixture.window->tell(QStringLiteral("a long sentence ").repeated(20));
    WindowFixture::settle();
    const QRect tall(toast->mapTo(fixture.window.get(), QPoint()), toast->size());
    QVERIFY(tall.height() > note.height());
    const QRect left = fixture.window->page()->visibleRegion().boundingRect().translated(
        fixture.window->page()->mapTo(fixture.window.get(), QPoint()));
    QVERIFY(left.bottom() < tall.top());
    toast->expire();
    WindowFixture::settle();
    QCOMPARE(fixture.window->page()->height(), before);
}

QTEST_MAIN(TestUndoToast)
#include "tst_undo_toast.moc"
