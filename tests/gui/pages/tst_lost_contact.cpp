// SPDX-License-Identifier: GPL-3.0-or-later
// The master is away: what is still shown says so everywhere, and the keyboard stays where it can
// do no harm.
#include <QLabel>
#include <QPushButton>
#include <QTest>

#include <algorithm>

#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/navigation_rail.h"
#include "gui/widgets/state_view.h"
#include "tests/gui/pages/painted_text.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::app::MainWindow;
using gui::services::LinkState;
using tests::WindowFixture;

class TestLostContact : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QGuiApplication::setQuitOnLastWindowClosed(false); }
    void init();
    void cleanup() { m_fixture.reset(); }
    void figuresAreStruckThroughEverywhere();
    void theBannerCountsDown_data();
    void theBannerCountsDown();
    void aListThatWaitsCountsDown();
    void theKeyboardGoesToTheTable_data();
    void theKeyboardGoesToTheTable();

private:
    void tell(LinkState state);
    /// What is painted in `widget` that begins like this: how many times, and how often struck.
    static std::pair<int, int> seen(QWidget& widget, const QString& begin);
    QStringList said() const;
    std::unique_ptr<WindowFixture> m_fixture;
};

void TestLostContact::init() {
    m_fixture = std::make_unique<WindowFixture>(240);
    m_fixture->window->resize(1440, 900);
    m_fixture->window->activateWindow();
    m_fixture->connect();
}

void TestLostContact::tell(LinkState state) {
    gui::services::LinkStatus link;
    link.state = state;
    if (state == LinkState::Reconnecting) {
        link.attempt = 4;
        link.staleSince = m_fixture->clock.now();
        link.nextAttempt = m_fixture->clock.now() + std::chrono::seconds(9);
    }
    m_fixture->master.fakes().connection.tell(link);
    WindowFixture::settle();
}

std::pair<int, int> TestLostContact::seen(QWidget& widget, const QString& begin) {
    std::pair<int, int> out;
    for (const auto& text : tests::paintedTexts(widget)) {
        if (!text.text.startsWith(begin)) continue;
        ++out.first;
        if (text.struck) ++out.second;
    }
    return out;
}

// The rail's badge stayed red; generation, counts and facets looked as if they were of now.
void TestLostContact::figuresAreStruckThroughEverywhere() {
    m_fixture->window->showView(MainWindow::Machines);
    WindowFixture::settle();
    QWidget& window = *m_fixture->window;
    auto* rail = window.findChild<gui::widgets::NavigationRail*>();
    QVERIFY(rail != nullptr);
    QVERIFY(m_fixture->desktop->releases.attention() > 0);
    const QString badge = QString::number(m_fixture->desktop->releases.attention());
    struct Place {
        QWidget& widget;
        QString begin;
    };
    const std::vector<Place> places = {{*rail, badge},
                                       {window, QStringLiteral("generation")},
                                       {window, QStringLiteral("240 machines")},
                                       {window, QStringLiteral("240 shown")},
                                       {window, QStringLiteral("zone=b 120")}};
    for (const Place& place : places) {
        const auto [all, struck] = seen(place.widget, place.begin);
        QVERIFY2(all > 0 && struck == 0, qPrintable(place.begin));
    }
    tell(LinkState::Reconnecting);
    for (const Place& place : places) {
        const auto [all, struck] = seen(place.widget, place.begin);
        QVERIFY2(all > 0 && struck == all, qPrintable(place.begin));
    }
    const QImage image = rail->grab().toImage();
    const QColor red = m_fixture->theme.color(gui::widgets::Token::FailText);
    bool isRed = false;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            isRed = isRed || image.pixelColor(x, y) == red;
    }
    QVERIFY(!isRed);
    tell(LinkState::Connected);
    for (const Place& place : places)
        QVERIFY2(seen(place.widget, place.begin).second == 0, qPrintable(place.begin));
}

QStringList TestLostContact::said() const {
    QStringList out;
    for (const auto* label : m_fixture->window->page()->findChildren<QLabel*>()) {
        if (label->isVisible() && label->text().contains(QStringLiteral("next in")))
            out << label->text();
    }
    return out;
}

void TestLostContact::theBannerCountsDown_data() {
    QTest::addColumn<int>("view");
    QTest::newRow("machines") << int(MainWindow::Machines);
    QTest::newRow("audit") << int(MainWindow::Audit);
}

// It said "next in 9 s" until the next attempt, beside a line that said 8, 6, 4.
void TestLostContact::theBannerCountsDown() {
    QFETCH(const int, view);
    m_fixture->window->showView(view);
    WindowFixture::settle();
    tell(LinkState::Reconnecting);
    for (const int left : {9, 8, 7}) {
        const QStringList all = said();
        QCOMPARE(all.size(), 1);
        QVERIFY2(all.first().contains(QStringLiteral("next in %1 s").arg(left + 1)),
                 qPrintable(all.first()));
        m_fixture->clock.advance(std::chrono::seconds(1));
        Q_EMIT m_fixture->desktop->hub.secondPassed();
    }
}

// Of a page that was away meanwhile, too.
void TestLostContact::aListThatWaitsCountsDown() {
    m_fixture->window->showView(MainWindow::Audit);
    WindowFixture::settle();
    m_fixture->window->showView(MainWindow::Machines);
    tell(LinkState::Reconnecting);
    m_fixture->clock.advance(std::chrono::seconds(5));
    // Its own second: nobody tells the page.
    QTRY_VERIFY(said().size() == 1 && said().first().contains(QStringLiteral("next in 5 s")));
    m_fixture->window->showView(MainWindow::Audit);
    WindowFixture::settle();
    QCOMPARE(said().size(), 1);
    QVERIFY2(said().first().contains(QStringLiteral("next in 5 s")), qPrintable(said().first()));
}

void TestLostContact::theKeyboardGoesToTheTable_data() {
    QTest::addColumn<int>("view");
    QTest::newRow("machines") << int(MainWindow::Machines);
    QTest::newRow("packages") << int(MainWindow::Packages);
    QTest::newRow("audit") << int(MainWindow::Audit);
}

// With the button of the banner it went to "Revoke…", which Space opens.
void TestLostContact::theKeyboardGoesToTheTable() {
    QFETCH(const int, view);
    m_fixture->window->showView(view);
    WindowFixture::settle();
    auto* page = m_fixture->window->page();
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    page->findChild<gui::widgets::DataTable*>(name)->selectRow(0);
    tell(LinkState::Reconnecting);
    auto* line = page->findChild<gui::widgets::NoticeLine*>();
    QVERIFY(line->isVisible());
    QPushButton* again = nullptr;
    for (auto* button : line->findChildren<QPushButton*>()) {
        if (button->isVisible() && button->text() == QStringLiteral("Try again")) again = button;
    }
    QVERIFY(again != nullptr);
    again->setFocus();
    QTest::keyClick(again, Qt::Key_Space);
    tell(LinkState::Connected);
    QVERIFY(!line->isVisible());
    const QWidget* keyboard = m_fixture->window->focusWidget();
    QVERIFY(keyboard != nullptr && page->isAncestorOf(keyboard));
    // Whichever of its tables it is that is seen first.
    QVERIFY2(qobject_cast<const gui::widgets::DataTable*>(keyboard) != nullptr,
             keyboard->metaObject()->className());
}

QTEST_MAIN(TestLostContact)
#include "tst_lost_contact.moc"
