// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFormLayout>
#include <QSpinBox>
#include <QTest>

#include "gui/app/language.h"
#include "gui/pages/releases/new_release_rules.h"

using namespace ifrit;

class TestNewReleaseRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // "300 台迟到的机器每分钟" was English word for word.
    void theNumberStandsWhereTheLanguageHasIt_data() {
        QTest::addColumn<QString>("language");
        QTest::addColumn<int>("machines");
        QTest::addColumn<QString>("text");
        const auto row = [](const char* name, const char* language, int machines,
                            const char* text) {
            QTest::newRow(name) << QString::fromLatin1(language) << machines
                                << QString::fromUtf8(text);
        };
        row("one", "en", 1, "1 late machine a minute");
        row("many", "en", 300, "300 late machines a minute");
        row("Chinese", "zh_CN", 300, "每分钟 300 台迟到机器");
    }
    void theNumberStandsWhereTheLanguageHasIt() {
        QFETCH(const QString, language);
        QFETCH(const int, machines);
        QFETCH(const QString, text);
        gui::app::chooseLanguage(language);
        QWidget page;
        auto* form = new QFormLayout(&page);
        const gui::pages::NewReleaseRules rules(form, &page);
        auto* spin = page.findChild<QSpinBox*>();
        spin->setValue(machines);
        QCOMPARE(spin->text(), text);
        QCOMPARE(spin->value(), machines);
        gui::app::chooseLanguage(QStringLiteral("en"));
    }
};

QTEST_MAIN(TestNewReleaseRules)
#include "tst_new_release_rules.moc"
