// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/go_to.h"

using namespace ifrit::gui::models;

namespace {

GoToEntry entry(const char* title, const char* detail = "") {
    GoToEntry out;
    out.title = QString::fromUtf8(title);
    out.detail = QString::fromUtf8(detail);
    return out;
}

}  // namespace

class TestGoTo : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ranks_data();
    void ranks();
    void bestFirst();
};

void TestGoTo::ranks_data() {
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<int>("rank");
    const auto row = [](const char* name, const char* query, const char* title, const char* detail,
                        int rank) {
        QTest::newRow(name) << QString::fromUtf8(query) << QString::fromUtf8(title)
                            << QString::fromUtf8(detail) << rank;
    };
    row("nothing typed", "", "Machines", "", 0);
    row("begins with it", "mach", "Machines", "", 0);
    row("case does not matter", "MACH", "machines", "", 0);
    row("a word begins with it", "map", "Cluster map", "", 1);
    row("inside a word", "uster", "Cluster map", "", 2);
    row("the better of two places", "a", "bach a", "", 1);
    row("in the detail only", "10.4", "i-0c77", "10.4.4.1", 3);
    row("two words", "node 1.6", "node-exporter 1.6.1", "", 1);
    row("one of two words is missing", "node 1.7", "node-exporter 1.6.1", "", -1);
    row("nowhere", "zebra", "Machines", "list", -1);
    row("Chinese", "地图", "集群地图", "", 2);
}

void TestGoTo::ranks() {
    QFETCH(QString, query);
    QFETCH(QString, title);
    QFETCH(QString, detail);
    QFETCH(int, rank);
    GoToEntry one;
    one.title = title;
    one.detail = detail;
    QCOMPARE(goToRank(query, one), rank);
    // An address or a digest counts as a detail does.
    std::swap(one.detail, one.id);
    QCOMPARE(goToRank(query, one), rank);
}

void TestGoTo::bestFirst() {
    const std::vector<GoToEntry> entries = {entry("bad release"), entry("x", "release"),
                                            entry("Releases"), entry("Machines"),
                                            entry("Release 12")};
    const auto found = goToMatches(QStringLiteral("release"), entries);
    QCOMPARE(found.size(), std::size_t{4});
    QCOMPARE(found[0].title, QStringLiteral("Releases"));
    QCOMPARE(found[1].title, QStringLiteral("Release 12"));
    QCOMPARE(found[2].title, QStringLiteral("bad release"));
    QCOMPARE(found[3].title, QStringLiteral("x"));
}

QTEST_GUILESS_MAIN(TestGoTo)
#include "tst_go_to.moc"
