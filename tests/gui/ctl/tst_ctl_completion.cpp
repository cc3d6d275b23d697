// SPDX-License-Identifier: Apache-2.0
// The completion scripts in the shells that they are for.
#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using tests::Ctl;

namespace {

/// What bash offers behind the words; the last one may be empty or half a word.
QStringList offered(const QString& script, const QStringList& words, const QString& path) {
    QStringList quoted;
    for (const QString& word : words)
        quoted << QLatin1Char('\'') + word + QLatin1Char('\'');
    const QString program =
        QStringLiteral(
            "source '%1' && COMP_WORDS=(%2) COMP_CWORD=%3 && _ifritctl && printf '%s\\n' "
            "\"${COMPREPLY[@]}\"")
            .arg(script, quoted.join(QLatin1Char(' ')))
            .arg(words.size() - 1);
    QProcess bash;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"),
                       path + QLatin1Char(':') + environment.value(QStringLiteral("PATH")));
    bash.setProcessEnvironment(environment);
    bash.start(QStringLiteral("bash"), {QStringLiteral("--norc"), QStringLiteral("-c"), program});
    if (!bash.waitForFinished(20'000) || bash.exitCode() != 0)
        return {QStringLiteral("failed: ") + QString::fromUtf8(bash.readAllStandardError())};
    QStringList out = QString::fromUtf8(bash.readAllStandardOutput()).split(QLatin1Char('\n'));
    out.removeAll(QString());
    return out;
}

}  // namespace

class TestCtlCompletion : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void bashOffers_data();
    void bashOffers();
    void bashKnowsContexts();
    void bashKnowsWhereAFileIsWanted();
    void zshTakesIt();
    void fishNamesEveryNoun();

private:
    QString write(const char* shell);
    Ctl m_ctl;
    QString m_bash;
};

QString TestCtlCompletion::write(const char* shell) {
    const tests::Outcome outcome = m_ctl.run({"completion", shell});
    const QString path = m_ctl.dir.filePath(QStringLiteral("completion.") + QLatin1String(shell));
    QFile file(path);
    if (outcome.code != 0 || !file.open(QIODevice::WriteOnly)) return {};
    file.write(QByteArray::fromStdString(outcome.out));
    return path;
}

void TestCtlCompletion::initTestCase() {
    if (QStandardPaths::findExecutable(QStringLiteral("bash")).isEmpty()) QSKIP("no bash");
    m_bash = write("bash");
    QVERIFY(!m_bash.isEmpty());
    // An ifritctl for the script to ask for contexts.
    QFile stub(m_ctl.dir.filePath(QStringLiteral("ifritctl")));
    QVERIFY(stub.open(QIODevice::WriteOnly));
    stub.write("#!/bin/sh\n[ \"$*\" = 'context list -o name' ] && printf 'demo\\nprod-eu\\n'\n");
    stub.close();
    QVERIFY(stub.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
}

void TestCtlCompletion::bashOffers_data() {
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QStringList>("offers");
    QTest::addColumn<bool>("exactly");
    const auto row = [](const char* name, const char* words, const char* offers,
                        bool exactly = true) {
        QStringList typed = QString::fromUtf8(words).split(QLatin1Char(' '));
        QTest::newRow(name) << typed << tests::words(offers) << exactly;
    };
    row("a noun", "ifritctl rel", "release");
    row("nouns", "ifritctl ", "cluster machine release audit doctor", false);
    row("options where there is nothing else", "ifritctl release verify ", "--yes", false);
    row("a shell", "ifritctl completion ", "bash fish zsh");
    row("verbs alone", "ifritctl context ", "import list remove show use");
    row("a verb", "ifritctl release prom", "promote promote-all");
    row("behind an option of all", "ifritctl --yes release ab", "abort");
    row("an option of a verb", "ifritctl audit list --ac", "--actor");
    row("an option of all", "ifritctl audit list --reas", "--reason");
    row("formats", "ifritctl machine list -o j", "json jsonl");
    row("formats in words", "ifritctl machine list --output w", "wide");
    row("shells", "ifritctl comp", "completion");
    row("help", "ifritctl hel", "help");
    row("what an option can be", "ifritctl release machines 2 --outcome s", "silent skipped");
    row("behind an equals sign", "ifritctl machine list --output = j", "json jsonl");
    row("right behind an equals sign", "ifritctl audit list --result =", "allowed denied failed");
    row("what can be anything", "ifritctl audit list --actor ", "");
    row("an argument of few", "ifritctl user role anna ", "reader super_admin");
    row("not yet that argument", "ifritctl user role rea", "");
    row("a value is no command", "ifritctl --reason machine rel", "release");
    row("what help is about", "ifritctl help rel", "release");
    row("a verb that help is about", "ifritctl help release prom", "promote promote-all");
}

void TestCtlCompletion::bashOffers() {
    QFETCH(QStringList, words);
    QFETCH(QStringList, offers);
    QFETCH(bool, exactly);
    QStringList found = offered(m_bash, words, m_ctl.dir.path());
    if (exactly) {
        found.sort();
        offers.sort();
        QCOMPARE(found, offers);
        return;
    }
    for (const QString& offer : offers)
        QVERIFY2(found.contains(offer), qPrintable(offer));
}

void TestCtlCompletion::bashKnowsContexts() {
    const auto behind = [&](const char* line) {
        QStringList typed = QString::fromUtf8(line).split(QLatin1Char(' '));
        return offered(m_bash, typed, m_ctl.dir.path());
    };
    QVERIFY(behind("ifritctl context use pr") == QStringList{QStringLiteral("prod-eu")});
    QVERIFY(behind("ifritctl --context d") == QStringList{QStringLiteral("demo")});
    QVERIFY(behind("ifritctl campaign list --contexts p") ==
            QStringList{QStringLiteral("prod-eu")});
}

void TestCtlCompletion::bashKnowsWhereAFileIsWanted() {
    const QString half = m_ctl.dir.filePath(QStringLiteral("completion.b"));
    for (const char* line : {"context import", "key show", "package publish", "release create -f",
                             "package verify --key", "--bundle"}) {
        QStringList typed = (QStringLiteral("ifritctl ") + QLatin1String(line)).split(u' ');
        QCOMPARE(offered(m_bash, typed << half, m_ctl.dir.path()), QStringList{m_bash});
    }
    // A name is one, whatever is in it; what was typed of it comes as it was typed.
    const QDir here(m_ctl.dir.path());
    QVERIFY(here.mkpath(QStringLiteral("some folder")));
    tests::write(m_ctl.path("some bundle"), "x");
    for (const char* begun : {"some", "some\\ b", "\"some b"}) {
        QString word = here.filePath(QString::fromLatin1(begun));
        if (*begun == '"') word = QLatin1Char('"') + here.filePath(QStringLiteral("some b"));
        const QStringList words{QStringLiteral("ifritctl"), QStringLiteral("--bundle"), word};
        const QStringList found = offered(m_bash, words, m_ctl.dir.path());
        QVERIFY2(found.contains(here.filePath(QStringLiteral("some bundle"))),
                 qPrintable(found.join(QLatin1Char('|'))));
    }
    const QStringList build{QStringLiteral("ifritctl"), QStringLiteral("package"),
                            QStringLiteral("build"), here.filePath(QStringLiteral("some"))};
    QCOMPARE(offered(m_bash, build, m_ctl.dir.path()),
             QStringList{here.filePath(QStringLiteral("some folder"))});
    // A machine is no file.
    const QStringList machine{QStringLiteral("ifritctl"), QStringLiteral("machine"),
                              QStringLiteral("show"), half};
    QCOMPARE(offered(m_bash, machine, m_ctl.dir.path()), QStringList());
}

void TestCtlCompletion::zshTakesIt() {
    if (QStandardPaths::findExecutable(QStringLiteral("zsh")).isEmpty()) QSKIP("no zsh");
    const QString script = write("zsh");
    QProcess zsh;
    zsh.start(
        QStringLiteral("zsh"),
        {QStringLiteral("-f"), QStringLiteral("-c"),
         QStringLiteral("autoload -U +X compinit && compinit -D -u; source '%1' && print -r -- "
                        "${_comps[ifritctl]} ${+functions[_ifritctl]}")
             .arg(script)});
    QVERIFY(zsh.waitForFinished(20'000));
    const QString said = QString::fromUtf8(zsh.readAllStandardOutput()).trimmed();
    QVERIFY2(said.endsWith(QStringLiteral("_ifritctl 1")),
             qPrintable(said + QString::fromUtf8(zsh.readAllStandardError())));
}

void TestCtlCompletion::fishNamesEveryNoun() {
    const tests::Outcome fish = m_ctl.run({"completion", "fish"});
    for (const char* noun : {"cluster", "machine", "agent", "package", "release", "ring", "audit",
                             "context", "key", "login", "doctor", "help"}) {
        QVERIFY2(tests::has(fish.out, "complete -c ifritctl -n '__fish_use_subcommand' -a " +
                                          std::string(noun)),
                 noun);
    }
    const QString program = QStandardPaths::findExecutable(QStringLiteral("fish"));
    if (program.isEmpty()) return;
    QProcess check;
    check.start(program, {QStringLiteral("--no-execute"), write("fish")});
    QVERIFY(check.waitForFinished(20'000));
    QCOMPARE(check.exitCode(), 0);
}

QTEST_GUILESS_MAIN(TestCtlCompletion)
#include "tst_ctl_completion.moc"
