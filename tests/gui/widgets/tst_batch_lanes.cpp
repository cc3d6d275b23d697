// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QImage>
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
};

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
