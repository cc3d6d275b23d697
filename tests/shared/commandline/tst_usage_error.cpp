// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/commandline/usage_error.h"

using namespace ifrit;

namespace {

/// tool [--level N] (fetch FILE | box (open | shut))
struct Tool {
    Tool() : app("A tool.", "tool") {
        app.add_option("--level", level, "How much");
        app.require_subcommand(1);
        app.add_subcommand("fetch", "Get")->add_option("FILE", file, "What")->required();
        CLI::App* box = app.add_subcommand("box", "A box");
        box->require_subcommand(1);
        box->add_subcommand("open", "Open it");
        box->add_subcommand("shut", "Shut it");
    }

    commandline::UsageError errorOf(const char* line) {
        try {
            app.parse(line);
        } catch (const CLI::ParseError& error) {
            return commandline::describeUsage(app, error);
        }
        return {};
    }

    CLI::App app;
    int level = 0;
    std::string file;
};

}  // namespace

class TestUsageError : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhatIsKnownThere_data();
    void saysWhatIsKnownThere();
    void namesWhatTakesADash();
};

void TestUsageError::saysWhatIsKnownThere_data() {
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* line, const char* command, const char* message) {
        QTest::newRow(*line == '\0' ? "nothing" : line)
            << QString::fromUtf8(line) << QString::fromUtf8(command) << QString::fromUtf8(message);
    };
    row("fecth x", "tool", "'tool fecth' is no command; known here: fetch, box");
    row("box opne", "tool box", "'tool box opne' is no command; known here: open, shut");
    row("", "tool", "'tool' alone is no command; known here: fetch, box");
    row("box", "tool box", "'tool box' alone is no command; known here: open, shut");
    row("fetch", "tool fetch", "FILE is required");
    row("--level high fetch x", "tool fetch", "Could not convert: --level = high");
    row("fetch x --lid", "tool fetch", "'--lid' is no option of 'tool fetch'");
    row("fetch x --state foo", "tool fetch", "'--state' is no option of 'tool fetch'");
    row("fetch --fiel x", "tool fetch", "'--fiel' is no option of 'tool fetch'");
    row("--lid fetch x", "tool fetch", "'--lid' is no option of 'tool fetch'");
    row("--level 1 --level 2 fetch x", "tool fetch",
        "--level is given more than once, and takes one value");
    row("--level", "tool", "--level needs INT behind it");
}

void TestUsageError::saysWhatIsKnownThere() {
    QFETCH(QString, line);
    QFETCH(QString, command);
    QFETCH(QString, message);
    const commandline::UsageError error = Tool().errorOf(line.toUtf8().constData());
    QCOMPARE(QString::fromStdString(error.command), command);
    QCOMPARE(QString::fromStdString(error.message), message);
    QCOMPARE(QString::fromStdString(error.hint()), QStringLiteral("see '%1 --help'").arg(command));
}

void TestUsageError::namesWhatTakesADash() {
    const commandline::UsageError word = Tool().errorOf("fetch -name:x");
    QCOMPARE(QString::fromStdString(word.hint()),
             QStringLiteral("an argument that begins with '-' stands behind '--': tool fetch -- "
                            "'-name:x'"));
    // Which takes none.
    const commandline::UsageError none = Tool().errorOf("box open -name:x");
    QCOMPARE(QString::fromStdString(none.hint()), QStringLiteral("see 'tool box open --help'"));
}

QTEST_APPLESS_MAIN(TestUsageError)
#include "tst_usage_error.moc"
