// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QTest>

#include "gui/widgets/batch_lanes.h"
#include "gui/widgets/palette.h"
#include "tests/gui/support/shown_view.h"

using namespace ifrit::gui::widgets;
using ifrit::gui::models::StatusKind;

namespace {

/// All of it is of one kind; the gate's tick stands at a quarter.
Lane oneKind(StatusKind kind) {
    Lane lane;
    lane.name = QStringLiteral("Gray");
    lane.size = QStringLiteral("8 machines");
    lane.targeted = 8;
    lane.threshold = 0.25;
    lane.segments = {{kind, 8, false, QStringLiteral("word")}};
    lane.note = QStringLiteral("open since 15:05:27 +00:00");
    return lane;
}

}  // namespace

class TestBatchLanes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theTickIsSeenOnEachKind_data();
    void theTickIsSeenOnEachKind();
    void whatIsBadStandsBesideTheTime();
    void aCountdownIsNotReadOut();
    void aPartIsPaintedAsInTheWhole();
};

// It would be said anew each second.
void TestBatchLanes::aCountdownIsNotReadOut() {
    ifrit::tests::ShownView<BatchLanes> shown;
    Lane lane = oneKind(StatusKind::Ok);
    lane.soak = QStringLiteral("soak 00:09 left");
    shown.view.setLanes({lane});
    QVERIFY(shown.view.accessibleDescription().contains(lane.soak));
    const QString told = shown.view.accessibleDescription();
    lane.soak = QStringLiteral("soak 00:08 left");
    shown.view.setLanes({lane});
    QCOMPARE(shown.view.accessibleDescription(), told);
    QCOMPARE(shown.view.lanes().first().soak, lane.soak);
    // Who comes to it hears what is left now.
    QFocusEvent comes(QEvent::FocusIn, Qt::TabFocusReason);
    QCoreApplication::sendEvent(&shown.view, &comes);
    QVERIFY(shown.view.accessibleDescription().contains(lane.soak));
    lane.note = QStringLiteral("closed 15:06:00 +00:00");
    lane.soak.clear();
    shown.view.setLanes({lane});
    QVERIFY(shown.view.accessibleDescription().contains(lane.note));
}

// Of a ring of a thousand batches those are painted that are seen.
void TestBatchLanes::aPartIsPaintedAsInTheWhole() {
    ifrit::tests::ShownView<BatchLanes> shown;
    shown.theme.choose(ThemeChoice::Light);
    shown.view.setLanes(QList<Lane>(200, oneKind(StatusKind::Ok)));
    shown.show(QSize(900, 300));
    shown.view.resize(900, shown.view.sizeHint().height());
    // Rows 100 to 109, and half of the ones beside them, are there as in the picture of the whole.
    constexpr int kTop = 22 + 100 * 30 - 15;
    const QRect part(0, kTop, 900, 330);
    const QPixmap all = shown.view.grab();
    QPixmap seen(all.size());
    seen.fill(Qt::magenta);
    QPainter painter(&seen);
    shown.view.render(&painter, part.topLeft(), part,
                      QWidget::DrawWindowBackground | QWidget::DrawChildren);
    painter.end();
    QCOMPARE(seen.copy(part).toImage(), all.copy(part).toImage());
}

void TestBatchLanes::theTickIsSeenOnEachKind_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("choice");
    const auto row = [](const char* name, StatusKind kind) {
        for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            const QByteArray look = choice == ThemeChoice::Light ? " light" : " dark";
            QTest::newRow(QByteArray(name + look).constData())
                << static_cast<int>(kind) << static_cast<int>(choice);
        }
    };
    row("ok", StatusKind::Ok);
    row("failed", StatusKind::Fail);
    row("silent", StatusKind::Silent);
}

// The gate's red on the red of what failed, 1.4 to 1, was not seen where it mattered.
void TestBatchLanes::theTickIsSeenOnEachKind() {
    QFETCH(const int, kind);
    QFETCH(const int, choice);
    ifrit::tests::ShownView<BatchLanes> shown;
    shown.theme.choose(static_cast<ThemeChoice>(choice));
    shown.view.setLanes({oneKind(static_cast<StatusKind>(kind))});
    shown.show({900, shown.view.sizeHint().height()});
    const QImage image = shown.view.grab().toImage();
    // The bar of the first lane: 16 of 30 pixels, below a legend of 22.
    constexpr int kTop = 22 + 7;
    const QColor fill = colorOf(fillToken(static_cast<StatusKind>(kind)), shown.theme.mode());
    int last = image.width() - 1;
    while (last > 0 && image.pixelColor(last, kTop + 8) != fill)
        --last;
    // Where the bar is whole, the tick is drawn at its upper edge alone.
    double most = 1;
    for (int x = last - 140; x < last - 20; ++x) {
        for (const int next : {x - 3, x + 3})
            most =
                std::max(most, contrast(image.pixelColor(x, kTop), image.pixelColor(next, kTop)));
    }
    QVERIFY2(most >= 3, qPrintable(QString::number(most)));
}

void TestBatchLanes::whatIsBadStandsBesideTheTime() {
    ifrit::tests::ShownView<BatchLanes> shown;
    Lane lane = oneKind(StatusKind::Ok);
    lane.bad = QStringLiteral("1 bad, 1 is let through");
    lane.soak = QStringLiteral("next in 04:32");
    shown.view.setLanes({lane});
    for (const QString& said : {lane.note, lane.bad, lane.soak})
        QVERIFY2(shown.view.accessibleDescription().contains(said), qPrintable(said));
}

QTEST_MAIN(TestBatchLanes)
#include "tst_batch_lanes.moc"
