// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/guard/guard_options.h"

using namespace ifrit;
using namespace ifrit::agent::guard;

namespace {

QStringList words(std::initializer_list<const char*> plain) {
    QStringList list;
    for (const char* word : plain)
        list << QString::fromLatin1(word);
    return list;
}

}  // namespace

class GuardOptionsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsAllFlags();
    void pathsBecomeAbsolute();
    void helpAndVersionNeedNoRoot();
    void whatStartsNothingIsAnswered();
    void badFlagsAreNamed_data();
    void badFlagsAreNamed();
};

void GuardOptionsTest::readsAllFlags() {
    const auto options = parseOptions({"--root", "/r", "--agent=/a", "--stop-timeout", "7",
                                       "--hung-after=0", "--", "--root", "x", "--"},
                                      "/here");
    QVERIFY(options.ok());
    QCOMPARE(options->root, std::string("/r"));
    QCOMPARE(options->agent, std::string("/a"));
    QVERIFY(options->stopTimeout == std::chrono::seconds(7));
    QVERIFY(options->hungAfter == std::chrono::seconds(0));
    QVERIFY(options->agentArguments == (std::vector<std::string>{"--root", "x", "--"}));
}

void GuardOptionsTest::pathsBecomeAbsolute() {
    const auto options = parseOptions({"--root=r", "--agent", "bin/a"}, "/here");
    QVERIFY(options.ok());
    QCOMPARE(options->root, std::string("/here/r"));
    QCOMPARE(options->agent, std::string("/here/bin/a"));
}

void GuardOptionsTest::helpAndVersionNeedNoRoot() {
    QVERIFY(parseOptions({"--help"}, "/")->action == GuardOptions::Action::Help);
    QVERIFY(parseOptions({"-h"}, "/")->action == GuardOptions::Action::Help);
    QVERIFY(parseOptions({"--version"}, "/")->action == GuardOptions::Action::Version);
    for (const char* flag :
         {"--root", "--agent", "--stop-timeout", "--hung-after", "--version", "--help"})
        QVERIFY(std::string(helpText()).find(flag) != std::string::npos);
}

void GuardOptionsTest::whatStartsNothingIsAnswered() {
    const auto answer = [](const std::vector<std::string>& arguments) {
        return ifrit::agent::guard::answerOf(*parseOptions(arguments, "/"), "1.2.3");
    };
    QCOMPARE(*answer({"--version"}), std::string("ifrit-guard 1.2.3\n"));
    QCOMPARE(*answer({"--help"}), std::string(helpText()));
    QCOMPARE(*answer({"--check", "--root=/r"}), std::string());
    QVERIFY(!answer({"--root=/r"}));
}

void GuardOptionsTest::badFlagsAreNamed_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("said");
    QTest::newRow("no root") << QStringList{} << "--root: it is required";
    QTest::newRow("unknown") << words({"--root=/r", "--rot=1"}) << "--rot=1: there is no such";
    QTest::newRow("word") << words({"run"}) << "run: there is no such flag";
    QTest::newRow("no value") << words({"--root"}) << "--root: its value is missing";
    QTest::newRow("empty value") << words({"--root="}) << "--root: its value is empty";
    for (const char* bad : {"0", "x", "5s", "-1", "99999"}) {
        QTest::newRow(bad)
            << words({"--root=/r", "--stop-timeout", bad})
            << QString::fromLatin1("'%1' is no number of seconds").arg(QString::fromLatin1(bad));
    }
}

void GuardOptionsTest::badFlagsAreNamed() {
    QFETCH(QStringList, arguments);
    QFETCH(QString, said);
    std::vector<std::string> plain;
    for (const QString& argument : arguments)
        plain.push_back(argument.toStdString());
    const auto options = parseOptions(plain, "/");
    QCOMPARE(base::errorInfo(options.status()).reason, std::string("BAD_FLAG"));
    const auto message = QString::fromStdString(base::messageOf(options.status()));
    QVERIFY2(message.contains(said), qPrintable(message));
}

QTEST_GUILESS_MAIN(GuardOptionsTest)
#include "tst_guard_options.moc"
