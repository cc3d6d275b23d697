// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/local/local_message.h"

using namespace ifrit;
using agent::local::LocalRequest;

class LocalMessageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void requestsSurviveTheWire() {
        const LocalRequest request{"reset-bad", {"node-exporter", "0123"}};
        std::string line = agent::local::formatLocalRequest(request);
        QCOMPARE(line, std::string("reset-bad node-exporter 0123\n"));
        line.pop_back();
        QVERIFY(*agent::local::parseLocalRequest(line) == request);
        QVERIFY(*agent::local::parseLocalRequest("  status   json ") ==
                (LocalRequest{"status", {"json"}}));
    }

    void badRequestsAreRefused_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("blanks") << QByteArray("   ");
        QTest::newRow("NUL") << QByteArray("status\0x", 8);
        QTest::newRow("escape") << QByteArray("status \x1b[31m");
    }
    void badRequestsAreRefused() {
        QFETCH(QByteArray, line);
        const auto parsed = agent::local::parseLocalRequest(line.toStdString());
        QCOMPARE(base::errorInfo(parsed.status()).reason, std::string("LOCAL_REQUEST"));
    }

    void answersSurviveTheWire() {
        const std::string text = "a\nb \xf0\x9f\x94\xa5\n";
        QCOMPARE(*agent::local::parseLocalResponse(agent::local::formatLocalResponse(text)), text);
        QCOMPARE(*agent::local::parseLocalResponse(agent::local::formatLocalResponse("")),
                 std::string());
        const absl::Status error = base::notFound("AGENT_UNKNOWN", "x", "no agent 'x'\nhere");
        const auto back =
            agent::local::parseLocalResponse(agent::local::formatLocalResponse(error));
        QCOMPARE(back.status().code(), absl::StatusCode::kNotFound);
        QCOMPARE(base::errorInfo(back.status()).reason, std::string("AGENT_UNKNOWN"));
        QCOMPARE(base::messageOf(back.status()), std::string("no agent 'x'\nhere"));
    }

    void brokenAnswersAreNone_data() {
        QTest::addColumn<QByteArray>("bytes");
        for (const char* bytes : {"", "ok", "o", "error 5 X", "error x Y\nz", "error 0 Y\nz",
                                  "error 17 Y\nz", "error 5\nz", "HTTP/1.1 200\n"})
            QTest::newRow(bytes) << QByteArray(bytes);
    }
    void brokenAnswersAreNone() {
        QFETCH(QByteArray, bytes);
        const auto back = agent::local::parseLocalResponse(bytes.toStdString());
        QCOMPARE(base::errorInfo(back.status()).reason, std::string("LOCAL_ANSWER"));
    }
};

QTEST_GUILESS_MAIN(LocalMessageTest)
#include "tst_local_message.moc"
