// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/status.h"
#include "shared/package/variables.h"

namespace ifrit::package {

class TestVariables : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void expands_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");  // null: an error
        QTest::newRow("plain") << QByteArray("a b") << QByteArray("a b");
        QTest::newRow("one") << QByteArray("--port=${vars.port}") << QByteArray("--port=9100");
        QTest::newRow("two") << QByteArray("${data_dir}/${vars.port}") << QByteArray("/d/9100");
        QTest::newRow("dollar") << QByteArray("$$x $${vars.port}") << QByteArray("$x ${vars.port}");
        QTest::newRow("not again") << QByteArray("${vars.nested}") << QByteArray("${vars.port}");
        QTest::newRow("unknown") << QByteArray("${vars.none}") << QByteArray();
        QTest::newRow("open") << QByteArray("${vars.port") << QByteArray();
        QTest::newRow("bare") << QByteArray("$port") << QByteArray();
        QTest::newRow("last") << QByteArray("x$") << QByteArray();
    }
    void expands() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const Variables variables = {
            {"vars.port", "9100"}, {"data_dir", "/d"}, {"vars.nested", "${vars.port}"}};
        const auto result = expand(text.toStdString(), variables);
        QCOMPARE(result.ok(), !expected.isNull());
        if (result.ok()) QCOMPARE(*result, expected.toStdString());
    }
};

}  // namespace ifrit::package

QTEST_GUILESS_MAIN(ifrit::package::TestVariables)
#include "tst_variables.moc"
