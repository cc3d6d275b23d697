// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever can be begun on a page can be begun from the palette.
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>
#include <QTimer>

#include <algorithm>

#include "gui/app/go_to_dialog.h"
#include "gui/pages/freeze_button.h"
#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "tests/gui/pages/other_clusters.h"
#include "tests/gui/pages/sheet_answer.h"

using namespace ifrit;
using gui::app::GoToDialog;
using gui::app::MainWindow;
using gui::pages::Page;
using gui::widgets::DataTable;
using tests::WindowFixture;

namespace {

/// Buttons that only arrange, repeat or copy what is seen, or go elsewhere: no verbs.
const QStringList kNoVerbs = {QStringLiteral("Clear"), QStringLiteral("Columns"),
                              QStringLiteral("Copy as command"), QStringLiteral("Copy log command"),
                              QStringLiteral("Export…"), QStringLiteral("Failed or reverted only"),
                              QStringLiteral("Hash ring"), QStringLiteral("Load more"),
                              QStringLiteral("Table"), QStringLiteral("Try again"),
                              QStringLiteral("Versions"),
                              // Of a publish that runs, which it is shown beside.
                              QStringLiteral("Cancel")};

/// Without the key that some say behind it.
QString wordsOf(const QAbstractButton& button) {
    return button.text().section(QStringLiteral("  "), 0, 0);
}

/// What a page says in place of its content repeats a button of the page.
bool isOfNotice(const QPushButton& button) {
    for (const QWidget* at = &button; at != nullptr; at = at->parentWidget()) {
        if (at->inherits("ifrit::gui::widgets::StateView") ||
            at->inherits("ifrit::gui::widgets::NoticeLine"))
            return true;
    }
    return false;
}

bool isNoVerb(const QPushButton& button) {
    if (isOfNotice(button)) return true;
    const QString look = button.property("look").toString();
    return button.text().isEmpty() || look == QLatin1String("chip") ||
           look == QLatin1String("link") || kNoVerbs.contains(wordsOf(button));
}

/// What the window itself has in the palette.
QString ofTheWindow(const QPushButton& button) {
    if (qobject_cast<const gui::pages::FreezeButton*>(&button) != nullptr)
        return QStringLiteral("Freeze the cluster…");
    return wordsOf(button) == QStringLiteral("New release…") ? wordsOf(button) : QString();
}

/// What the open page is about, so that its verbs can be done.
void chooseSomething(WindowFixture& fixture, const QString& page) {
    for (auto* table : fixture.window->page()->findChildren<DataTable*>()) {
        if (table->model() != nullptr && table->model()->rowCount() > 0) table->selectRow(0);
    }
    if (page == QLatin1String("campaigns"))
        fixture.desktop->campaigns.choose(
            QString::fromStdString(fixture.master.campaigns[1].campaign.id));
    WindowFixture::settle();
}

/// Opens the palette and, with the keyboard in it, does something; then Esc.
template <typename Do>
void inPalette(WindowFixture& fixture, Do deed) {
    bool done = false;
    QTimer poll;
    poll.setInterval(5);
    QObject::connect(&poll, &QTimer::timeout, &poll, [&] {
        auto* dialog = qobject_cast<GoToDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        poll.stop();
        deed(*dialog);
        done = true;
        if (dialog->isVisible()) dialog->reject();
    });
    poll.start();
    QTest::keyClick(fixture.window.get(), Qt::Key_K, Qt::ControlModifier);
    QVERIFY(done);
}

/// Its row with this title, and this in its detail; -1: none.
int rowOf(GoToDialog& dialog, const QString& title, const QString& detail) {
    dialog.findChild<QLineEdit*>()->setText(title);
    const QAbstractItemModel& found = *dialog.findChild<DataTable*>()->model();
    for (int row = 0; row < found.rowCount(); ++row) {
        if (found.index(row, 0).data().toString() == title &&
            found.index(row, 1).data().toString().contains(detail))
            return row;
    }
    return -1;
}

}  // namespace

class TestPaletteVerbs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyVerbOfEveryPageIsThere_data();
    void everyVerbOfEveryPageIsThere();
    void theVerbsOfAReleaseAreThere();
    void aDraftIsDiscardedFromThere();
    void aVerbOnAnotherTabIsPressedThere();
    void whatCannotBeDoneIsNotThere();
};

void TestPaletteVerbs::everyVerbOfEveryPageIsThere_data() {
    QTest::addColumn<QString>("page");
    for (int view = 0; view < MainWindow::ViewCount; ++view) {
        const QString name = MainWindow::pageNames().value(view);
        QTest::newRow(qPrintable(name)) << name;
    }
}

void TestPaletteVerbs::everyVerbOfEveryPageIsThere() {
    QFETCH(const QString, page);
    WindowFixture fixture;
    const tests::OtherClusters others(fixture, true);
    fixture.connect();
    QVERIFY(fixture.window->showPage(page));
    WindowFixture::settle();
    chooseSomething(fixture, page);
    Page* shown = fixture.window->page();
    QStringList left;
    QList<QPair<QString, QString>> expected;
    for (const auto* button : shown->findChildren<QPushButton*>()) {
        if (isNoVerb(*button)) continue;
        const auto& offered = shown->offered();
        const bool isOffered =
            std::any_of(offered.begin(), offered.end(),
                        [button](const auto& one) { return one.button == button; });
        const QString other = ofTheWindow(*button);
        if (!isOffered && other.isEmpty()) left << button->text();
        if (!shown->canPress(*button)) continue;
        expected << (other.isEmpty() ? qMakePair(button->text(), shown->title())
                                     : qMakePair(other, QString()));
    }
    QVERIFY2(left.isEmpty(), qPrintable(left.join(QStringLiteral(" | "))));
    QStringList missing;
    inPalette(fixture, [&](GoToDialog& dialog) {
        for (const auto& [title, detail] : std::as_const(expected)) {
            if (rowOf(dialog, title, detail) < 0) missing << title;
        }
    });
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QStringLiteral(" | "))));
}

void TestPaletteVerbs::theVerbsOfAReleaseAreThere() {
    WindowFixture fixture;
    fixture.master.releases.front().release.state = domain::ReleaseState::Draft;
    fixture.master.releases.front().allowedVerbs = {domain::ReleaseVerb::Start,
                                                    domain::ReleaseVerb::Abort};
    fixture.connect();
    fixture.window->showPage(QStringLiteral("release"));
    WindowFixture::settle();
    const auto& release = fixture.desktop->release;
    QStringList missing;
    inPalette(fixture, [&](GoToDialog& dialog) {
        for (const domain::ReleaseVerb verb : gui::presenters::ReleasePresenter::verbs()) {
            if (!release.action(verb).enabled()) continue;
            if (rowOf(dialog, release.nameOf(verb), release.title()) < 0)
                missing << release.nameOf(verb);
        }
        // A draft is discarded; its button says so, too.
        if (rowOf(dialog, QStringLiteral("Discard"), {}) < 0) missing << QStringLiteral("Discard");
    });
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QStringLiteral(" | "))));
}

void TestPaletteVerbs::aDraftIsDiscardedFromThere() {
    WindowFixture fixture;
    auto draft = fixture.master.releases.front();
    draft.release.id = "a-draft";
    draft.release.state = domain::ReleaseState::Draft;
    draft.stages.clear();
    fixture.master.releases.insert(fixture.master.releases.begin(), draft);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("releases"));
    WindowFixture::settle();
    chooseSomething(fixture, QStringLiteral("releases"));
    fixture.window->showView(MainWindow::Map);
    const tests::SheetAnswer person(tests::Answer::Yes, 0);
    const std::size_t before = fixture.master.fakes().releases.actCalls.made();
    inPalette(fixture, [](GoToDialog& dialog) {
        QVERIFY(rowOf(dialog, QStringLiteral("Discard draft…"), QStringLiteral("Releases")) == 0);
        QTest::keyClick(dialog.findChild<QLineEdit*>(), Qt::Key_Return);
    });
    WindowFixture::settle();
    QVERIFY(person.asked());
    QCOMPARE(fixture.window->place().index, int(MainWindow::Releases));
    const auto& calls = fixture.master.fakes().releases.actCalls;
    QCOMPARE(calls.made(), before + 1);
    QCOMPARE(calls.last().releaseId, std::string("a-draft"));
}

void TestPaletteVerbs::aVerbOnAnotherTabIsPressedThere() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showPage(QStringLiteral("access"));
    WindowFixture::settle();
    auto* users = fixture.window->page()->findChild<DataTable*>(QStringLiteral("users"));
    users->selectRow(fixture.desktop->access.users().rowOfKey(QStringLiteral("chen.yu")));
    auto* tokens = fixture.window->page()->findChild<DataTable*>(QStringLiteral("tokens"));
    tokens->selectRow(0);
    WindowFixture::settle();
    auto* tabs = fixture.window->page()->findChild<QTabWidget*>();
    QCOMPARE(tabs->currentIndex(), 0);
    const tests::SheetAnswer person(tests::Answer::Escape, 0);
    inPalette(fixture, [](GoToDialog& dialog) {
        QVERIFY(rowOf(dialog, QStringLiteral("End…"), QStringLiteral("chen.yu")) == 0);
        QTest::keyClick(dialog.findChild<QLineEdit*>(), Qt::Key_Return);
    });
    WindowFixture::settle();
    QVERIFY(person.asked());
    QCOMPARE(tabs->currentIndex(), 1);
}

void TestPaletteVerbs::whatCannotBeDoneIsNotThere() {
    WindowFixture fixture;
    auto profile = tests::ScriptedMaster::profile("production");
    profile.readOnly = true;
    fixture.desktop->hub.open(profile);
    WindowFixture::settle();
    fixture.master.connect();
    fixture.window->showPage(QStringLiteral("packages"));
    WindowFixture::settle();
    chooseSomething(fixture, QStringLiteral("packages"));
    inPalette(fixture, [](GoToDialog& dialog) {
        for (const char* title : {"Publish…", "Delete…", "New campaign…", "Add user…"})
            QVERIFY2(rowOf(dialog, QString::fromUtf8(title), {}) < 0, title);
    });
}

QTEST_MAIN(TestPaletteVerbs)
#include "tst_palette_verbs.moc"
