// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <sstream>

#include "gui/heads/chain_file.h"
#include "shared/base/hex.h"
#include "shared/base/status.h"

using namespace ifrit;
using gui::heads::RowWalk;
using gui::services::AuditRow;

namespace {

/// Two rows as a master wrote them, the second with every character that JSON has to quote.
std::vector<AuditRow> chain() {
    std::vector<AuditRow> out;
    std::string previous = audit::rootHash();
    for (const char* reason : {"plain", "\"quoted\" \\ \n\t \xF0\x9F\x98\x80"}) {
        AuditRow row;
        row.id = out.size() + 1;
        row.at = base::fromUnixMillis(1'700'000'000'123);
        row.cluster = "demo";
        row.actor = "ada";
        row.verb = "release.start";
        row.reason = reason;
        row.previousHash = base::toHex(previous);
        audit::RowView view;
        view.id = row.id;
        view.at = row.at;
        view.cluster = row.cluster;
        view.actor = row.actor;
        view.verb = row.verb;
        view.reason = row.reason;
        view.previousHash = previous;
        previous = audit::hashOf(view);
        row.hash = base::toHex(previous);
        out.push_back(row);
    }
    return out;
}

}  // namespace

class TestChainFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowsOfAMasterAreHashedHere() {
        RowWalk walk({1, 2});
        for (const AuditRow& row : chain())
            QVERIFY(walk.add(row));
        QVERIFY(walk.check().intact());
        QCOMPARE(walk.check().hashes().size(), std::size_t{2});
        QCOMPARE(walk.cluster(), std::string("demo"));
    }

    void aHashThatIsNoneBreaksTheChain() {
        std::vector<AuditRow> rows = chain();
        rows[1].hash = "no hex";
        RowWalk walk({});
        QVERIFY(walk.add(rows[0]));
        QVERIFY(!walk.add(rows[1]));
        QCOMPARE(walk.check().firstBrokenId(), std::uint64_t{2});
    }

    void whatIsNoExportIsRefusedWithItsLine_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::newRow("no JSON") << QByteArray("hello\n") << 1;
        QTest::newRow("a list") << QByteArray("\n[1]\n") << 2;
        QTest::newRow("other lines") << QByteArray("{\"id\":1,\"uuid\":\"m\"}\n") << 1;
    }
    void whatIsNoExportIsRefusedWithItsLine() {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        std::istringstream in(text.toStdString());
        RowWalk walk({});
        const absl::Status status = gui::heads::walkExport(in, "a.jsonl", walk);
        QCOMPARE(base::errorInfo(status).reason, std::string("EXPORT_INVALID"));
        QVERIFY(base::messageOf(status).find("line " + std::to_string(line)) != std::string::npos);
    }

    void anEmptyFileIsAnEmptyChain() {
        std::istringstream in;
        RowWalk walk({});
        QVERIFY(gui::heads::walkExport(in, "a.jsonl", walk).ok());
        QCOMPARE(walk.check().rows(), std::uint64_t{0});
        QVERIFY(walk.check().intact());
    }
};

QTEST_GUILESS_MAIN(TestChainFile)
#include "tst_chain_file.moc"
