// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/record_models.h"
#include "gui/pages/table_export.h"
#include "tests/gui/support/fixed_clock.h"

using namespace ifrit;

class TestTableExport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void quotesWhatWouldBreakTheLine();
    void writesOneObjectALine();
};

void TestTableExport::quotesWhatWouldBreakTheLine() {
    const tests::FixedClock clock;
    const gui::models::TimeText times(clock);
    gui::models::TimelineModel model(times);
    gui::services::TimelineEntry entry;
    entry.what = "halted, \"twice\"";
    entry.actor = "=HYPERLINK(1)";
    model.setRecords({entry});
    QCOMPARE(
        gui::pages::csvOf(model),
        QStringLiteral("Time,What,Who,Message\r\n,\"halted, \"\"twice\"\"\",'=HYPERLINK(1),\r\n"));
}

void TestTableExport::writesOneObjectALine() {
    const tests::FixedClock clock;
    const gui::models::TimeText times(clock);
    gui::models::TimelineModel model(times);
    gui::services::TimelineEntry first;
    first.what = "a\nb";
    gui::services::TimelineEntry second;
    second.what = "c";
    model.setRecords({first, second});
    const QStringList lines =
        gui::pages::jsonLinesOf(model).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QVERIFY(lines[0].contains(QStringLiteral("\"What\":\"a\\nb\"")));
}

QTEST_MAIN(TestTableExport)
#include "tst_table_export.moc"
