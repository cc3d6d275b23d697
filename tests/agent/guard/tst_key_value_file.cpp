// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "agent/guard/key_value_file.h"
#include "shared/base/atomic_file.h"

using namespace ifrit;
using namespace ifrit::agent::guard;

class KeyValueFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void roundTrip();
    void truncationAtEveryByteIsDamage();
    void absentFileIsNotFound();

private:
    std::string path() const { return m_dir.filePath(QStringLiteral("state")).toStdString(); }
    QTemporaryDir m_dir;
};

void KeyValueFileTest::roundTrip() {
    const KeyValues values{{"a", "1=2"}, {"empty", ""}, {"text", "two words"}};
    QVERIFY(writeKeyValues(path(), values).ok());
    QVERIFY(*readKeyValues(path()) == values);
    QVERIFY(writeKeyValues(path(), {{"lines", "one\ntwo"}}).ok());
    QCOMPARE(readKeyValues(path())->at("lines"), std::string("one two"));
    QVERIFY(writeKeyValues(path(), {}).ok());
    QVERIFY(readKeyValues(path())->empty());
}

void KeyValueFileTest::truncationAtEveryByteIsDamage() {
    QVERIFY(writeKeyValues(path(), {{"pid", "4711"}, {"start_time", "99"}}).ok());
    const std::string whole = *base::readFile(path(), 1000);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        QVERIFY(base::writeFileAtomically(path(), whole.substr(0, length), 0600).ok());
        QVERIFY2(absl::IsDataLoss(readKeyValues(path()).status()), std::to_string(length).c_str());
    }
}

void KeyValueFileTest::absentFileIsNotFound() {
    QVERIFY(absl::IsNotFound(readKeyValues(path() + "x").status()));
}

QTEST_GUILESS_MAIN(KeyValueFileTest)
#include "tst_key_value_file.moc"
