// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLocale>
#include <QTest>

#include "gui/app/language.h"
#include "gui/models/status_words.h"

using namespace ifrit::gui;

class TestLanguage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void followsTheSystem_data();
    void followsTheSystem();
    void switchesWordsPluralsAndMonths();
};

void TestLanguage::followsTheSystem_data() {
    QTest::addColumn<QString>("choice");
    QTest::addColumn<QStringList>("system");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* choice, const char* system,
                        const char* expected) {
        QTest::newRow(name) << QString::fromLatin1(choice)
                            << QString::fromLatin1(system).split(QLatin1Char(' '))
                            << QString::fromLatin1(expected);
    };
    row("chosen", "zh_CN", "en-US", "zh_CN");
    row("chosen against the system", "en", "zh-Hans-CN zh-CN", "en");
    row("Chinese system", "system", "zh-Hans-CN zh-CN zh", "zh_CN");
    row("Singapore", "system", "zh-Hans-SG zh-SG", "zh_CN");
    row("English before Chinese", "system", "en-GB zh-CN", "en");
    row("German before Chinese", "system", "de-DE zh-CN", "zh_CN");
    row("neither", "system", "de-DE fr-FR", "en");
    row("traditional alone", "system", "zh-Hant-TW zh-TW", "en");
    row("no locale", "system", "C", "en");
}

void TestLanguage::followsTheSystem() {
    QFETCH(QString, choice);
    QFETCH(QStringList, system);
    QFETCH(QString, expected);
    QCOMPARE(app::languageOf(choice, system), expected);
}

void TestLanguage::switchesWordsPluralsAndMonths() {
    const auto machines = [](int n) {
        return QCoreApplication::translate("ifrit::gui::app::WindowStatus", "%1 machine(s)", "", n)
            .arg(n);
    };
    const QDate day(2026, 11, 23);
    app::chooseLanguage(QStringLiteral("en"));
    QCOMPARE(machines(1), QStringLiteral("1 machine"));
    QCOMPARE(machines(2), QStringLiteral("2 machines"));
    QCOMPARE(QLocale().toString(day, QStringLiteral("d MMM")), QStringLiteral("23 Nov"));
    app::chooseLanguage(QStringLiteral("zh_CN"));
    QCOMPARE(machines(1), QStringLiteral("1 台机器"));
    QCOMPARE(machines(2), QStringLiteral("2 台机器"));
    QCOMPARE(models::StatusWords::of(ifrit::domain::ReleaseState::Halted).word,
             QStringLiteral("已熔断"));
    app::chooseLanguage(QStringLiteral("en"));
    QCOMPARE(models::StatusWords::of(ifrit::domain::ReleaseState::Halted).word,
             QStringLiteral("halted"));
}

QTEST_MAIN(TestLanguage)
#include "tst_language.moc"
