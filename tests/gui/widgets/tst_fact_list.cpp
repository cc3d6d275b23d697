// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QTest>

#include "gui/widgets/fact_list.h"

using ifrit::gui::widgets::FactList;

class TestFactList : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLongDigestBreaksAndIsCopiedAsItIs();
};

void TestFactList::aLongDigestBreaksAndIsCopiedAsItIs() {
    const QString digest = QStringLiteral("9f3c").repeated(16);
    FactList list(nullptr);
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

QTEST_MAIN(TestFactList)
#include "tst_fact_list.moc"
