// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QLabel>
#include <QTest>

#include "gui/widgets/identifier_words.h"
#include "gui/widgets/theme.h"

using namespace ifrit::gui::widgets;

class TestIdentifierWords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void identifiersHaveTheirFont_data() {
        QTest::addColumn<QString>("sentence");
        QTest::addColumn<QString>("marked");
        const auto row = [](const char* name, const char* sentence, const char* marked) {
            QTest::newRow(name) << QString::fromUtf8(sentence) << QString::fromUtf8(marked);
        };
        row("a uuid before a full stop", "by grant 1f11fc69-85a7-4f89-9e4b-bf3ff8789d90.",
            "1f11fc69-85a7-4f89-9e4b-bf3ff8789d90");
        row("beside Chinese", "授权 1f11fc69-85a7-4f89-9e4b-bf3ff8789d90。",
            "1f11fc69-85a7-4f89-9e4b-bf3ff8789d90");
        row("a digest that was cut", "expires 13 Dec · document 6e7b85de7f0b…", "6e7b85de7f0b…");
        row("none", "expires 13 Dec 15:05 +00:00", "");
    }
    void identifiersHaveTheirFont() {
        QFETCH(const QString, sentence);
        QFETCH(const QString, marked);
        const Theme theme(*qApp);
        QLabel label;
        showSentence(label, theme, sentence);
        QCOMPARE(label.textFormat(), marked.isEmpty() ? Qt::PlainText : Qt::RichText);
        const QString span =
            QStringLiteral("%1'\">%2</span>").arg(theme.monospaceFont().family(), marked);
        QCOMPARE(label.text().count(span), marked.isEmpty() ? 0 : 1);
        QCOMPARE(label.text().count(QLatin1String("<span")), marked.isEmpty() ? 0 : 1);
    }
    void whatAMasterSaysIsNoMarkup() {
        const Theme theme(*qApp);
        QLabel label;
        showSentence(label, theme,
                     QStringLiteral("<b>by</b> 1f11fc69-85a7-4f89-9e4b-bf3ff8789d90 <i>now</i>"));
        QVERIFY(label.text().startsWith(QLatin1String("&lt;b&gt;by&lt;/b&gt; ")));
        QVERIFY(label.text().endsWith(QLatin1String(" &lt;i&gt;now&lt;/i&gt;")));
        showSentence(label, theme, QStringLiteral("<b>no</b>"));
        QCOMPARE(label.textFormat(), Qt::PlainText);
    }
};

QTEST_MAIN(TestIdentifierWords)
#include "tst_identifier_words.moc"
