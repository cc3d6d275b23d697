// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QTest>

#include "gui/widgets/fact_list.h"
#include "gui/widgets/theme.h"

using ifrit::gui::widgets::FactList;

class TestFactList : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLongDigestBreaksAndIsCopiedAsItIs();
    void identifiersAreMonospace();
    void everyUuidBreaks_data();
    void everyUuidBreaks();
};

void TestFactList::aLongDigestBreaksAndIsCopiedAsItIs() {
    const QString digest = QStringLiteral("9f3c").repeated(16);
    ifrit::gui::widgets::Theme theme(*qApp);
    FactList list(theme, nullptr);
    list.setFacts({{QStringLiteral("Manifest"), digest}});
    list.show();
    QLabel* value = nullptr;
    for (auto* label : list.findChildren<QLabel*>()) {
        if (label->text().startsWith(QStringLiteral("9f3c"))) value = label;
    }
    QVERIFY(value != nullptr);
    QVERIFY(value->text().size() > digest.size());
    value->setFocus();
    value->setSelection(0, static_cast<int>(value->text().size()));
    QTest::keyClick(value, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), digest);
}

void TestFactList::identifiersAreMonospace() {
    using ifrit::gui::widgets::ThemeChoice;
    ifrit::gui::widgets::Theme theme(*qApp);
    theme.choose(ThemeChoice::Light);
    FactList list(theme, nullptr);
    list.show();
    const auto families = [&list](const QString& value) {
        const QLabel* label = nullptr;
        for (const auto* one : list.findChildren<QLabel*>()) {
            if (one->accessibleName().endsWith(value)) label = one;
        }
        return label == nullptr ? QStringList() : label->font().families();
    };
    const QString address = QStringLiteral("127.0.0.1:7443");
    const QString words = QStringLiteral("LINUX, ARM64");
    list.setFacts({{QStringLiteral("Address"), address}, {QStringLiteral("Types"), words}});
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
        theme.choose(choice);
        QCOMPARE(families(address), theme.monospaceFont().families());
        QCOMPARE(families(words), theme.textFont().families());
    }
    // The same line shows something else next.
    list.setFacts({{QStringLiteral("Types"), words}, {QStringLiteral("Address"), address}});
    QCOMPARE(families(address), theme.monospaceFont().families());
    QCOMPARE(families(words), theme.textFont().families());
}

void TestFactList::everyUuidBreaks_data() {
    QTest::addColumn<QString>("uuid");
    QTest::newRow("letters behind hyphens")
        << QStringLiteral("8175acdf-a178-ca4a-f5f0-aef98e37a65d");
    // A line does not break between a hyphen and a digit.
    QTest::newRow("digits") << QStringLiteral("17768094-8f78-4bb6-918d-80273fe1a65d");
}

// The panel that it stood in had to be scrolled, and was cut at its edge.
void TestFactList::everyUuidBreaks() {
    QFETCH(const QString, uuid);
    ifrit::gui::widgets::Theme theme(*qApp);
    FactList list(theme, nullptr);
    list.setFacts({{QStringLiteral("Request"), uuid}});
    for (const auto* label : list.findChildren<QLabel*>()) {
        if (!label->accessibleName().endsWith(uuid)) continue;
        const int whole = label->fontMetrics().horizontalAdvance(uuid);
        QVERIFY2(label->minimumSizeHint().width() < whole / 2,
                 qPrintable(QString::number(label->minimumSizeHint().width())));
    }
}

QTEST_MAIN(TestFactList)
#include "tst_fact_list.moc"
