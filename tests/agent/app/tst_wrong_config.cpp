// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "agent/app/config_reader.h"
#include "agent/install/layout.h"
#include "agent/local/local_server.h"
#include "tests/support/built_programs.h"

namespace ifrit::tests {

/// A wrong line in agent.toml, which the ifrit-agent that runs does not use, must not keep a person
/// from asking it.
class WrongConfigTest : public QObject {
    Q_OBJECT

    struct Ran {
        int code = -1;
        QByteArray out;
        QByteArray error;
    };

    std::unique_ptr<QTemporaryDir> m_directory;

    QString path(const char* name) const {
        return m_directory->filePath(QString::fromLatin1(name));
    }
    void write(const QByteArray& text) const {
        QFile file(path("agent.toml"));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) < 0) qFatal("no agent.toml");
    }
    Ran run(const QStringList& words) const {
        QProcess program;
        program.start(QString::fromStdString(built("bin/ifrit-agent")),
                      QStringList{QStringLiteral("--config"), path("agent.toml")} + words);
        if (!program.waitForFinished(30'000)) return {};
        return {program.exitCode(), program.readAllStandardOutput(),
                program.readAllStandardError()};
    }
    /// Answers what it was asked.
    std::unique_ptr<agent::local::LocalServer> serve(const QString& root) const {
        QDir().mkpath(root + QStringLiteral("/state"));
        auto server = agent::local::LocalServer::start(
            agent::install::Layout(root.toStdString()).socket(),
            [](const agent::local::LocalRequest& request) -> absl::StatusOr<std::string> {
                std::string text = "asked: " + request.verb;
                for (const std::string& word : request.arguments)
                    text += ' ' + word;
                return text + '\n';
            });
        return server.ok() ? *std::move(server) : nullptr;
    }

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void theRunningOneAnswersAllTheSame_data() {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<QByteArray>("answer");
        const auto row = [](const char* command, const char* answer) {
            QTest::newRow(command)
                << QString::fromLatin1(command).split(QLatin1Char(' ')) << QByteArray(answer);
        };
        row("status", "asked: status text\n");
        row("explain exporter", "asked: explain exporter\n");
        row("reset-bad all", "asked: reset-bad all\n");
    }
    void theRunningOneAnswersAllTheSame() {
        QFETCH(QStringList, command);
        QFETCH(QByteArray, answer);
        const auto server = serve(path("root"));
        QVERIFY(server);
        for (const char* wrong : {"wrong wrong\n", "masers = [\"m:1\"]\n", "[log\n"}) {
            write(QByteArray("root = \"root\"\n") + wrong);
            const Ran ran = run(command);
            QVERIFY2(ran.code == 0, ran.error);
            QCOMPARE(ran.out, answer);
            QVERIFY2(ran.error.contains("agent.toml:") && ran.error.contains("NOT USED"),
                     ran.error);
        }
        // Where not even its root can be made out.
        write("root = \"root\n");
        const Ran named = run(QStringList{QStringLiteral("--root"), path("root")} + command);
        QVERIFY2(named.code == 0, named.error);
        QCOMPARE(named.out, answer);
    }

    void doctorHasARowForIt() {
        const auto server = serve(path("root"));
        QVERIFY(server);
        write("root = \"root\"\nwrong wrong\n");
        const Ran ran = run({QStringLiteral("doctor")});
        QCOMPARE(ran.code, 1);
        QVERIFY2(ran.out.contains("ok       ifrit-agent") &&
                     ran.out.contains("FAILED   agent.toml") && ran.out.contains("agent.toml:2: "),
                 ran.out);
        QVERIFY2(ran.error.isEmpty(), ran.error);
    }

    void allElseEnds_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QStringList>("command");
        const QByteArray wrong("root = \"root\"\nwrong wrong\n");
        for (const char* command : {"run", "enrol", "stop-all", "--check-config", "--print-config"})
            QTest::newRow(command) << wrong << QStringList{QString::fromLatin1(command)};
        QTest::newRow("checked") << wrong
                                 << QStringList{QStringLiteral("status"),
                                                QStringLiteral("--check-config")};
        // Another file may be meant.
        QTest::newRow("not there") << QByteArray() << QStringList{QStringLiteral("status")};
    }
    void allElseEnds() {
        QFETCH(QByteArray, text);
        QFETCH(QStringList, command);
        const auto server = serve(path("root"));
        if (!text.isEmpty()) write(text);
        const Ran ran = run(command);
        QCOMPARE(ran.code, 78);
        QVERIFY2(ran.out.isEmpty(), ran.out);
    }

    void aFileOfTwoMeaningsHasTheRootOfItsTop() {
        write("# root = \"no\"\n  root = \"../there\" # here\nx\n[log]\nroot = \"no\"\n");
        const std::string file = path("agent.toml").toStdString();
        const agent::app::Config config = agent::app::configWithoutFile(file, "");
        QCOMPARE(config.root, QFileInfo(m_directory->path()).path().toStdString() + "/there");
        QCOMPARE(config.trustedKeys, config.root + "/keys");
        QCOMPARE(agent::app::configWithoutFile(file, "/named").root, std::string("/named"));
        write("[log]\nroot = \"no\"\n");
        QCOMPARE(agent::app::configWithoutFile(file, "").root, std::string("/var/lib/ifrit-agent"));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::WrongConfigTest;
QTEST_GUILESS_MAIN(WrongConfigTest)
#include "tst_wrong_config.moc"
