// SPDX-License-Identifier: Apache-2.0
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <thread>

#include "shared/log/json_formatter.h"
#include "shared/log/log.h"
#include "shared/log/request_scope.h"

namespace ifrit::log {

class TestJsonFormatter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyLineIsOneJsonObject() {
        const std::string text =
            std::string("quote \" back \\ line\nnul ") + '\0' + " esc \x1b emoji \xF0\x9F\x94\xA5";
        spdlog::details::log_msg message("ifrit-master", spdlog::level::warn, text);
        message.time = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'234'567));
        spdlog::memory_buf_t out;
        JsonFormatter().format(message, out);
        const QByteArray line(out.data(), static_cast<qsizetype>(out.size()));
        QCOMPARE(line.count('\n'), 1);
        QJsonParseError error;
        const QJsonObject object = QJsonDocument::fromJson(line, &error).object();
        QCOMPARE(error.error, QJsonParseError::NoError);
        QCOMPARE(object[QLatin1String("msg")].toString(),
                 QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
        QCOMPARE(object[QLatin1String("level")].toString(), QStringLiteral("warning"));
        QCOMPARE(object[QLatin1String("program")].toString(), QStringLiteral("ifrit-master"));
        QCOMPARE(object[QLatin1String("ts")].toString(),
                 QStringLiteral("1970-01-01T00:20:34.567Z"));
    }

    void aLineNamesTheRequestThatItIsOf() {
        const auto request = [] {
            spdlog::details::log_msg message("ifrit-master", spdlog::level::info, "text");
            spdlog::memory_buf_t out;
            JsonFormatter().format(message, out);
            const QByteArray line(out.data(), static_cast<qsizetype>(out.size()));
            QJsonParseError error;
            const QJsonObject object = QJsonDocument::fromJson(line, &error).object();
            return error.error == QJsonParseError::NoError ? object[QLatin1String("request")]
                                                           : QJsonValue(QStringLiteral("broken"));
        };
        QVERIFY(request().isUndefined());
        {
            const RequestScope outer("made \"here\"");
            QCOMPARE(request().toString(), QStringLiteral("made \"here\""));
            {
                const RequestScope inner("the caller's");
                QCOMPARE(request().toString(), QStringLiteral("the caller's"));
                // Another thread's lines are of another request.
                QString elsewhere;
                std::thread other([&] { elsewhere = request().toString(); });
                other.join();
                QVERIFY(elsewhere.isEmpty());
            }
            QCOMPARE(request().toString(), QStringLiteral("made \"here\""));
        }
        QVERIFY(request().isUndefined());
    }

    void levelNames() {
        QVERIFY(levelFromName("warning") == spdlog::level::warn);
        QVERIFY(!levelFromName("warn").has_value());
        QVERIFY(formatFromName("json") == Format::Json);
        QVERIFY(!formatFromName("xml").has_value());
    }

    void anUnwritableFileIsAnError() {
        const absl::Status status = setUp({"t", Format::Text, spdlog::level::info, "/proc/no/log"});
        QCOMPARE(status.code(), absl::StatusCode::kFailedPrecondition);
    }
};

}  // namespace ifrit::log

QTEST_GUILESS_MAIN(ifrit::log::TestJsonFormatter)
#include "tst_json_formatter.moc"
