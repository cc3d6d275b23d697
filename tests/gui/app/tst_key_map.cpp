// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "gui/app/key_map.h"

using ifrit::gui::app::KeyMap;

class TestKeyMap : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void noKeyDoesTwoThings();
    void aChoiceHoldsAndIsRemembered();
    void whatIsTakenIsRefused_data();
    void whatIsTakenIsRefused();
    void aKeyCanBeTakenAway();
    void aSettingsFileThatIsWrongChangesNothing();
    void resetBringsTheFirstDayBack();

private:
    QSettings& settings() { return *m_settings; }
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<QSettings> m_settings;
};

void TestKeyMap::init() {
    m_settings.reset();
    m_directory = std::make_unique<QTemporaryDir>();
    m_settings = std::make_unique<QSettings>(m_directory->filePath(QStringLiteral("desktop.ini")),
                                             QSettings::IniFormat);
}

void TestKeyMap::noKeyDoesTwoThings() {
    const KeyMap map(settings());
    QSet<QString> seen;
    for (const KeyMap::Entry& entry : map.entries()) {
        QVERIFY2(!entry.words.isEmpty(), qPrintable(entry.id));
        QVERIFY2(!entry.shown.isEmpty(), qPrintable(entry.id));
        QVERIFY2(!seen.contains(entry.shown), qPrintable(entry.shown));
        seen.insert(entry.shown);
    }
    // Those of docs/desktop.md, for as many views as there are.
    for (const char* keys :
         {"Ctrl+K", "/", "?", "Ctrl+1", "Ctrl+8", "Alt+Left", "Alt+Right", "Ctrl+N", "F5", "R",
          "Space", "Enter", "Ctrl+E", "F8", "Ctrl+Shift+C", "Esc"}) {
        QVERIFY2(seen.contains(QLatin1String(keys)), keys);
    }
}

void TestKeyMap::aChoiceHoldsAndIsRemembered() {
    KeyMap map(settings());
    QSignalSpy changed(&map, &KeyMap::changed);
    QCOMPARE(map.bind(QStringLiteral("refresh"), QKeySequence(QStringLiteral("Ctrl+R"))),
             QString());
    QCOMPARE(changed.size(), 1);
    QCOMPARE(map.text(QStringLiteral("refresh")), QStringLiteral("Ctrl+R"));
    // Its old key is free now.
    QCOMPARE(map.bind(QStringLiteral("resort"), QKeySequence(QStringLiteral("F5"))), QString());
    const KeyMap again(settings());
    QCOMPARE(again.text(QStringLiteral("refresh")), QStringLiteral("Ctrl+R"));
    QCOMPARE(again.text(QStringLiteral("resort")), QStringLiteral("F5"));
}

void TestKeyMap::whatIsTakenIsRefused_data() {
    QTest::addColumn<QString>("keys");
    QTest::newRow("another command's") << QStringLiteral("Ctrl+K");
    QTest::newRow("leaves") << QStringLiteral("Esc");
    QTest::newRow("opens") << QStringLiteral("Return");
    QTest::newRow("copies") << QStringLiteral("Ctrl+C");
    QTest::newRow("moves") << QStringLiteral("Down");
}

void TestKeyMap::whatIsTakenIsRefused() {
    QFETCH(QString, keys);
    KeyMap map(settings());
    QSignalSpy changed(&map, &KeyMap::changed);
    QVERIFY(!map.bind(QStringLiteral("refresh"), QKeySequence(keys)).isEmpty());
    QCOMPARE(map.text(QStringLiteral("refresh")), QStringLiteral("F5"));
    QVERIFY(changed.isEmpty());
    QVERIFY(
        !map.bind(QStringLiteral("no-such-command"), QKeySequence(QStringLiteral("F9"))).isEmpty());
}

void TestKeyMap::aKeyCanBeTakenAway() {
    KeyMap map(settings());
    QCOMPARE(map.bind(QStringLiteral("resort"), {}), QString());
    QCOMPARE(map.bind(QStringLiteral("failing"), {}), QString());
    QCOMPARE(map.text(QStringLiteral("resort")), QString());
    const KeyMap again(settings());
    QVERIFY(again.keys(QStringLiteral("resort")).isEmpty());
    QVERIFY(again.keys(QStringLiteral("failing")).isEmpty());
}

void TestKeyMap::aSettingsFileThatIsWrongChangesNothing() {
    settings().setValue(QStringLiteral("keys/refresh"), QStringLiteral("Esc"));
    settings().setValue(QStringLiteral("keys/resort"), QStringLiteral("Ctrl+K"));
    settings().setValue(QStringLiteral("keys/nothing"), QStringLiteral("F9"));
    const KeyMap map(settings());
    QCOMPARE(map.text(QStringLiteral("refresh")), QStringLiteral("F5"));
    QCOMPARE(map.text(QStringLiteral("resort")), QStringLiteral("R"));
    QCOMPARE(map.text(QStringLiteral("go-to")), QStringLiteral("Ctrl+K"));
}

void TestKeyMap::resetBringsTheFirstDayBack() {
    KeyMap map(settings());
    QCOMPARE(map.bind(QStringLiteral("refresh"), QKeySequence(QStringLiteral("Ctrl+R"))),
             QString());
    map.reset();
    QCOMPARE(map.text(QStringLiteral("refresh")), QStringLiteral("F5"));
    QVERIFY(!settings().contains(QStringLiteral("keys/refresh")));
}

QTEST_GUILESS_MAIN(TestKeyMap)
#include "tst_key_map.moc"
