// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/commandline/help_words.h"

using namespace ifrit;

class TestHelpWords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysWhatPeopleMean_data();
    void saysWhatPeopleMean();
    void isACommandLikeTheOthers();
};

void TestHelpWords::saysWhatPeopleMean_data() {
    QTest::addColumn<QStringList>("typed");
    QTest::addColumn<QStringList>("parsed");
    const auto row = [](const char* typed, const char* parsed) {
        QTest::newRow(typed) << QString::fromLatin1(typed).split(QLatin1Char(' '))
                             << QString::fromLatin1(parsed).split(QLatin1Char(' '));
    };
    row("help", "--help");
    row("help box", "box --help");
    row("help box open", "box open --help");
    row("help fetch", "fetch --help");
    // What the command would be given is not asked about.
    row("help fetch x --level 3", "fetch --help");
    // Parsing them says what is known there.
    row("help bxo", "bxo");
    row("help box opne", "box opne");
    row("help help", "help --help");
    row("help --help", "help --help");
    row("box open", "box open");
    row("fetch help", "fetch help");
}

void TestHelpWords::saysWhatPeopleMean() {
    QFETCH(const QStringList, typed);
    QFETCH(const QStringList, parsed);
    CLI::App app("A tool.", "tool");
    app.add_subcommand("fetch", "Get");
    CLI::App* box = app.add_subcommand("box", "A box");
    box->add_subcommand("open", "Open it");
    commandline::addHelpCommand(app);
    std::vector<std::string> words;
    for (const QString& word : typed)
        words.push_back(word.toStdString());
    QStringList out;
    for (const std::string& word : commandline::helpWords(app, words))
        out << QString::fromStdString(word);
    QCOMPARE(out, parsed);
}

// With options before it, which only the parser understands.
void TestHelpWords::isACommandLikeTheOthers() {
    CLI::App app("A tool.", "tool");
    int level = 0;
    app.add_option("--level", level, "How much");
    commandline::addHelpCommand(app);
    QVERIFY(app.help().find("help COMMAND") != std::string::npos);
    QVERIFY_THROWS_EXCEPTION(CLI::CallForHelp, app.parse("--level 3 help"));
}

QTEST_APPLESS_MAIN(TestHelpWords)
#include "tst_help_words.moc"
