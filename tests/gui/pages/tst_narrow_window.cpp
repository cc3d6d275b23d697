// SPDX-License-Identifier: GPL-3.0-or-later
// A window of 1024 x 700: what has no room is scrolled to or gives way, and is not cut.
#include <QComboBox>
#include <QScrollArea>
#include <QTabWidget>
#include <QTest>

#include <algorithm>

#include "gui/pages/connections/connections_page.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "gui/widgets/batch_lanes.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/splitter.h"
#include "tests/gui/pages/other_clusters.h"
#include "tests/gui/pages/painted_text.h"
#include "tests/gui/pages/widget_faults.h"

using namespace ifrit;
using gui::app::MainWindow;
using gui::widgets::BatchLanes;
using tests::WindowFixture;

namespace {

constexpr QSize kSmall(1024, 700);

/// Of words in lines: those of the widgets that `isOurs` knows. "cut: " is left out where words may
/// give way.
QStringList faultsOf(QWidget& root) {
    QStringList out = tests::paintedFaults(root, tests::paintedTexts(root));
    out.erase(
        std::remove_if(out.begin(), out.end(),
                       [](const QString& one) { return one.startsWith(QLatin1String("cut")); }),
        out.end());
    return out;
}

}  // namespace

class TestNarrowWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QGuiApplication::setQuitOnLastWindowClosed(false); }
    void lanesKeepTheirBars();
    void factsOfACertificateAreWhole();
    void nothingIsCutOnAnyPage();
    void whatRunsNowHasTheWholeColumn();
    void aListKeepsItsShareBesideThePanel_data();
    void aListKeepsItsShareBesideThePanel();
};

// It broke into two lines where the field beside it was 100 pixels wider.
void TestNarrowWindow::whatRunsNowHasTheWholeColumn() {
    WindowFixture fixture;
    fixture.connect();
    gui::pages::NewReleaseDialog dialog(fixture.theme, fixture.desktop->newRelease,
                                        fixture.window.get());
    dialog.show();
    WindowFixture::settle();
    const auto* runs = dialog.findChild<QLabel*>(QStringLiteral("runs-now"));
    QVERIFY(!runs->text().isEmpty());
    const auto boxes = dialog.findChildren<QComboBox*>();
    const auto version = std::find_if(boxes.begin(), boxes.end(), [](const QComboBox* box) {
        return box->accessibleName() == QLatin1String("Version");
    });
    QVERIFY(version != boxes.end());
    QCOMPARE(runs->width(), (*version)->width());
}

void TestNarrowWindow::aListKeepsItsShareBesideThePanel_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("list");
    QTest::addColumn<int>("least");
    QTest::newRow("machines") << QStringLiteral("machines") << QStringLiteral("machines") << 450;
    QTest::newRow("access") << QStringLiteral("access") << QStringLiteral("users") << 250;
}

// The panel kept its width, and the list beside it was down to 128 pixels.
void TestNarrowWindow::aListKeepsItsShareBesideThePanel() {
    QFETCH(const QString, page);
    QFETCH(const QString, list);
    QFETCH(const int, least);
    WindowFixture fixture;
    fixture.window->resize(1440, 900);
    fixture.connect();
    fixture.window->showPage(page);
    WindowFixture::settle();
    auto* table = fixture.window->page()->findChild<gui::widgets::DataTable*>(list);
    auto* splitter = fixture.window->page()->findChild<gui::widgets::Splitter*>();
    const int wide = table->width();
    fixture.window->resize(kSmall);
    WindowFixture::settle();
    QVERIFY2(table->width() >= least, qPrintable(QString::number(table->width())));
    fixture.window->resize(1440, 900);
    WindowFixture::settle();
    QCOMPARE(table->width(), wide);
    // Where somebody has moved the handle it stays.
    QTest::keyClick(splitter->handle(1), Qt::Key_Left);
    const int moved = splitter->sizes().last();
    fixture.window->resize(1400, 900);
    WindowFixture::settle();
    QCOMPARE(splitter->sizes().last(), moved);
}

// Beside the ring nothing was left of the bars, and words lay over each other.
void TestNarrowWindow::lanesKeepTheirBars() {
    WindowFixture fixture(2'400);
    fixture.window->resize(kSmall);
    fixture.master.releases.push_back(fixture.master.stagedRelease());
    fixture.connect();
    fixture.window->showRelease(QString::fromStdString(fixture.master.releases.back().release.id));
    WindowFixture::settle();
    auto* lanes = fixture.window->page()->findChild<BatchLanes*>();
    QVERIFY(lanes->isVisible());
    QVERIFY2(faultsOf(*lanes).isEmpty(), qPrintable(faultsOf(*lanes).join(QLatin1Char('\n'))));
    const auto* area = qobject_cast<QScrollArea*>(lanes->parentWidget()->parentWidget());
    QVERIFY(area != nullptr);
    QVERIFY2(
        lanes->width() <= area->viewport()->width(),
        qPrintable(QStringLiteral("%1 in %2").arg(lanes->width()).arg(area->viewport()->width())));
    // Names at the left and notes at the right leave the bars between them.
    double left = 0;
    double right = lanes->width();
    for (const auto& text : tests::paintedTexts(*lanes)) {
        if (text.text.endsWith(QStringLiteral("machines"))) left = std::max(left, text.box.right());
        if (text.text.startsWith(QStringLiteral("not open")) ||
            text.text.startsWith(QStringLiteral("closed")))
            right = std::min(right, text.box.left());
    }
    QVERIFY2(right - left >= 100, qPrintable(QStringLiteral("%1 to %2").arg(left).arg(right)));
}

// A fingerprint was pressed into half a line.
void TestNarrowWindow::factsOfACertificateAreWhole() {
    tests::ListedClusters listed(24, false);
    WindowFixture& fixture = listed.fixture;
    fixture.window->resize(kSmall);
    fixture.window->showView(MainWindow::Connections);
    for (const QString& language : {QStringLiteral("en"), QStringLiteral("zh_CN")}) {
        WindowFixture::speak(language);
        WindowFixture::settle();
        auto* page = fixture.window->page();
        int facts = 0;
        for (const auto* list : page->findChildren<gui::widgets::FactList*>()) {
            for (const auto* label : list->findChildren<QLabel*>()) {
                if (!label->isVisible()) continue;
                ++facts;
                QVERIFY2(tests::clipping(*label).isEmpty(), qPrintable(tests::clipping(*label)));
                QVERIFY2(tests::standingOut(*label).isEmpty(),
                         qPrintable(tests::standingOut(*label)));
            }
        }
        QVERIFY2(facts > 8, qPrintable(QString::number(facts)));
    }
    WindowFixture::speak(QStringLiteral("en"));
}

void TestNarrowWindow::nothingIsCutOnAnyPage() {
    tests::ListedClusters listed(240, false);
    WindowFixture& fixture = listed.fixture;
    fixture.master.releases.push_back(fixture.master.stagedRelease());
    fixture.desktop->releases.refresh();
    fixture.window->resize(kSmall);
    QStringList all;
    for (const QString& language : {QStringLiteral("en"), QStringLiteral("zh_CN")}) {
        WindowFixture::speak(language);
        for (const QString& name : MainWindow::pageNames()) {
            fixture.window->showPage(name);
            WindowFixture::settle();
            for (const QString& fault : tests::widgetFaults(*fixture.window->page()))
                // A tab bar's own are Qt's; what stands in an empty line ends in "…" there.
                if (!fault.contains(QStringLiteral("Scroll ")) &&
                    !fault.startsWith(QStringLiteral("clipped placeholder")))
                    all << name + QLatin1String(" in ") + language + QLatin1String(": ") + fault;
        }
    }
    WindowFixture::speak(QStringLiteral("en"));
    QVERIFY2(all.isEmpty(), qPrintable(all.join(QLatin1Char('\n'))));
}

QTEST_MAIN(TestNarrowWindow)
#include "tst_narrow_window.moc"
