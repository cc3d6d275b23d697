// SPDX-License-Identifier: GPL-3.0-or-later
#include <QHeaderView>
#include <QScrollBar>
#include <QTest>
#include <QTimer>

#include "gui/app/layout_memory.h"
#include "gui/pages/charts/chart_pane.h"
#include "gui/pages/releases/release_page.h"
#include "gui/pages/ring/ring_panel.h"
#include "gui/widgets/batch_lanes.h"
#include "gui/widgets/chart_view.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/figure_strip.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::pages::ReleasePage;
using tests::WindowFixture;

/// What of a release has how much room.
class TestReleasePage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_fixture.reset(); }
    void aChartIsHighEnoughToBeRead_data();
    void aChartIsHighEnoughToBeRead();
    void theHandleStaysWhereItWasPut();
    void theHandleMovesUpAndTheRingMakesRoom();
    void theHandleIsSeenInBothThemes();
    void twoLanesLeaveTheirRoomToTheTabs();
    void theRingsTableIsNotClipped_data();
    void theRingsTableIsNotClipped();
    void whatCountsGoesOnWithoutAWord();
    void eachListSaysHowManyItHas();

private:
    ReleasePage* page() { return qobject_cast<ReleasePage*>(m_fixture->window->page()); }
    std::unique_ptr<WindowFixture> m_fixture;
};

void TestReleasePage::init() {
    m_fixture = std::make_unique<WindowFixture>(2'400);
    m_fixture->window->resize(1440, 900);
    m_fixture->master.measured = 120;
    m_fixture->master.releases.push_back(m_fixture->master.stagedRelease());
    m_fixture->connect();
    m_fixture->window->showRelease(
        QString::fromStdString(m_fixture->master.releases.back().release.id));
    WindowFixture::settle();
    QVERIFY(page() != nullptr);
}

void TestReleasePage::eachListSaysHowManyItHas() {
    int told = 0;
    for (const auto* table : page()->tabs()->findChildren<gui::widgets::DataTable*>()) {
        const auto* count = table->parentWidget()->findChild<QLabel*>(QStringLiteral("count"));
        const int rows = table->model()->rowCount();
        if (count == nullptr) continue;
        ++told;
        QCOMPARE(count->isVisibleTo(table->parentWidget()), rows > 0);
        const QString number = gui::models::grouped(rows) + QStringLiteral(" shown · ");
        if (rows > 0) QVERIFY2(count->text().startsWith(number), qPrintable(count->text()));
    }
    QCOMPARE(told, 3);
    QVERIFY(m_fixture->desktop->release.machineModel().rowCount() > 0);
}

// "Running for 00:28" stood still until the master said the next thing.
void TestReleasePage::whatCountsGoesOnWithoutAWord() {
    const auto* seconds = page()->findChild<QTimer*>(QStringLiteral("release-seconds"));
    const auto* strip = page()->findChild<gui::widgets::FigureStrip*>();
    const auto* lanes = page()->findChild<gui::widgets::BatchLanes*>();
    QVERIFY(seconds != nullptr && seconds->isActive());
    const auto figures = strip->figures();
    const QString soak = lanes->lanes()[3].soak;
    QVERIFY(!soak.isEmpty());
    m_fixture->clock.advance(std::chrono::seconds(1));
    QTimerEvent due(seconds->timerId());
    QCoreApplication::sendEvent(page()->findChild<QTimer*>(seconds->objectName()), &due);
    QVERIFY(strip->figures() != figures);
    QVERIFY(lanes->lanes()[3].soak != soak);
    // Nobody looks, nothing is drawn.
    m_fixture->window->showPage(QStringLiteral("machines"));
    QVERIFY(!seconds->isActive());
    m_fixture->window->showRelease(
        QString::fromStdString(m_fixture->master.releases.back().release.id));
    QVERIFY(seconds->isActive());
    // What is over counts nothing.
    auto over = *m_fixture->desktop->release.info();
    over.release.state = domain::ReleaseState::Done;
    over.release.ended = m_fixture->clock.now();
    ++over.release.revision;
    m_fixture->master.fakes().releases.releaseWatch.tell(over);
    WindowFixture::settle();
    QVERIFY(!seconds->isActive());
}

void TestReleasePage::aChartIsHighEnoughToBeRead_data() {
    QTest::addColumn<QSize>("window");
    QTest::newRow("as in the look") << QSize(1440, 900);
    QTest::newRow("a small screen") << QSize(1024, 700);
}

// Some 50 of 900 pixels were left to the curve, between a legend and an axis that had their height.
void TestReleasePage::aChartIsHighEnoughToBeRead() {
    QFETCH(const QSize, window);
    m_fixture->window->resize(window);
    constexpr int kCost = 3;
    page()->tabs()->setCurrentIndex(kCost);
    WindowFixture::settle();
    int seen = 0;
    for (const auto* chart : page()->findChildren<gui::widgets::ChartView*>()) {
        if (!chart->isVisible()) continue;
        ++seen;
        QVERIFY2(chart->height() >= 150, qPrintable(QString::number(chart->height())));
    }
    QCOMPARE(seen, 2);
}

void TestReleasePage::theHandleStaysWhereItWasPut() {
    QList<int> sizes = page()->splitter()->sizes();
    QCOMPARE(sizes.size(), 2);
    QVERIFY(sizes[1] >= 280);
    const int moved = sizes[0] + 40;
    page()->splitter()->setSizes({moved, sizes[1] - 40});
    WindowFixture::settle();
    QCOMPARE(page()->splitter()->sizes().first(), moved);
    auto& window = *m_fixture->window;
    QMainWindow* area = window.findChild<QMainWindow*>();
    gui::app::LayoutMemory memory(m_fixture->settings);
    memory.save(window, area == nullptr ? window : *area);
    page()->splitter()->setSizes(sizes);
    memory.restore(window, area == nullptr ? window : *area);
    WindowFixture::settle();
    QCOMPARE(page()->splitter()->sizes().first(), moved);
    // As on the first day, and so the next start finds it.
    window.resetLayout();
    window.resize(1440, 900);
    WindowFixture::settle();
    QCOMPARE(page()->splitter()->sizes(), sizes);
}

// The stages stood at their least height from the start, which is the ring's: a chart or a table of
// machines could not be given more room.
void TestReleasePage::theHandleMovesUpAndTheRingMakesRoom() {
    auto* splitter = page()->splitter();
    const QList<int> before = splitter->sizes();
    auto* handle = splitter->handle(1);
    const auto* ring = page()->findChild<gui::pages::RingPanel*>();
    QVERIFY(ring->isVisible());
    QVERIFY(handle->focusPolicy() & Qt::TabFocus);
    QVERIFY(!handle->accessibleName().isEmpty());
    handle->setFocus(Qt::TabFocusReason);
    for (int i = 0; i < 8; ++i)
        QTest::keyClick(handle, Qt::Key_Up);
    WindowFixture::settle();
    constexpr int kUp = 8 * gui::widgets::Splitter::kStep;
    QCOMPARE(splitter->sizes().first(), before.first() - kUp);
    QCOMPARE(splitter->sizes().last(), before.last() + kUp);
    QVERIFY(!ring->isVisible());
    // It stays so when the page is told something, and the ring comes back with its room.
    m_fixture->desktop->release.refresh();
    WindowFixture::settle();
    QVERIFY(!ring->isVisible());
    QCOMPARE(splitter->sizes().first(), before.first() - kUp);
    for (int i = 0; i < 8; ++i)
        QTest::keyClick(handle, Qt::Key_Down);
    WindowFixture::settle();
    QVERIFY(ring->isVisible());
    QCOMPARE(splitter->sizes(), before);
    // By mouse, there and back in one go.
    const QPoint at = handle->rect().center();
    QTest::mousePress(handle, Qt::LeftButton, {}, at);
    QTest::mouseMove(handle, at - QPoint(0, 100));
    WindowFixture::settle();
    QVERIFY(splitter->sizes().first() < before.first());
    QVERIFY(!ring->isVisible());
    QTest::mouseRelease(handle, Qt::LeftButton, {}, at);
    WindowFixture::settle();
    QVERIFY(!ring->isVisible());
    // The next start finds it so.
    auto& window = *m_fixture->window;
    QMainWindow* area = window.findChild<QMainWindow*>();
    gui::app::LayoutMemory memory(m_fixture->settings);
    memory.save(window, *area);
    const QList<int> low = splitter->sizes();
    splitter->setTight(false);
    WindowFixture::settle();
    QVERIFY(ring->isVisible());
    memory.restore(window, *area);
    WindowFixture::settle();
    QVERIFY(!ring->isVisible());
    QCOMPARE(splitter->sizes(), low);
    // As on the first day.
    m_fixture->window->resetLayout();
    m_fixture->window->resize(1440, 900);
    WindowFixture::settle();
    QVERIFY(ring->isVisible());
    QCOMPARE(splitter->sizes(), before);
}

void TestReleasePage::theHandleIsSeenInBothThemes() {
    using gui::widgets::ThemeChoice;
    using gui::widgets::Token;
    auto* handle = page()->splitter()->handle(1);
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
        m_fixture->wear(choice);
        const QImage picture = handle->grab().toImage();
        const QColor grip = picture.pixelColor(picture.rect().center());
        QCOMPARE(grip.name(), m_fixture->theme.color(Token::Muted).name());
        const QColor ground = picture.pixelColor(1, 1);
        QVERIFY(gui::widgets::contrast(grip, m_fixture->theme.color(Token::Bg)) >= 3.0);
        QVERIFY(ground != grip);
    }
    m_fixture->wear(ThemeChoice::Light);
}

void TestReleasePage::twoLanesLeaveTheirRoomToTheTabs() {
    const int withRing = page()->splitter()->sizes().first();
    const auto show = [this](const gui::services::ReleaseInfo& info) {
        m_fixture->window->showRelease(QString::fromStdString(info.release.id));
        WindowFixture::settle();
        return page()->splitter()->sizes().first();
    };
    const int flat = show(m_fixture->master.releases.front());
    QVERIFY2(flat <= 200, qPrintable(QString::number(flat)));
    QCOMPARE(show(m_fixture->master.releases.back()), withRing);
}

void TestReleasePage::theRingsTableIsNotClipped_data() {
    QTest::addColumn<QString>("language");
    QTest::newRow("en") << QStringLiteral("en");
    QTest::newRow("zh_CN") << QStringLiteral("zh_CN");
}

void TestReleasePage::theRingsTableIsNotClipped() {
    QFETCH(const QString, language);
    WindowFixture::speak(language);
    QTest::keyClick(page(), Qt::Key_F8);
    WindowFixture::settle();
    const auto* table = page()->findChild<gui::widgets::DataTable*>(QStringLiteral("ring-batches"));
    QVERIFY(table->isVisible());
    QCOMPARE(table->horizontalScrollBar()->maximum(), 0);
    QVERIFY(table->viewport()->height() >= 4 * table->rowHeight(0));
    int shown = 0;
    for (int column = 0; column < table->model()->columnCount(); ++column) {
        if (table->isColumnHidden(column)) continue;
        ++shown;
        const int wanted = table->sizeHintForIndex(table->model()->index(0, column)).width();
        QVERIFY2(table->columnWidth(column) >= wanted,
                 qPrintable(table->model()->headerData(column, Qt::Horizontal).toString()));
    }
    QVERIFY(shown >= 5);
    QTest::keyClick(page(), Qt::Key_F8);
    WindowFixture::speak(QStringLiteral("en"));
}

QTEST_MAIN(TestReleasePage)
#include "tst_release_page.moc"
