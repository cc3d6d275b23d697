// SPDX-License-Identifier: Apache-2.0
#include "master/cache/cache_keys.h"

#include <QTest>

using namespace ifrit::master::cache;
using Level = KeyParts::Level;

class TestCacheKeys : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keysAreThoseOfTheDesign() {
        QCOMPARE(keyPrefix("prod"), std::string("{ifrit:prod}:"));
        QCOMPARE(grayKey("m-1"), std::string("expect_gray_m-1"));
        QCOMPARE(hashKey(3, "ARM64"), std::string("expect_default_hash3_ARM64"));
        QCOMPARE(fullKey("LINUX"), std::string("expect_default_LINUX"));
    }

    void keysAreReadBack() {
        const std::pair<std::string, KeyParts> all[] = {
            {grayKey("m-1"), {Level::Gray, "m-1", "", 0}},
            {grayKey("default_LINUX"), {Level::Gray, "default_LINUX", "", 0}},
            {hashKey(0, "ARM64"), {Level::Hash, "", "ARM64", 0}},
            {hashKey(4'294'967'295u, "MY_TYPE_2"), {Level::Hash, "", "MY_TYPE_2", 4'294'967'295u}},
            {fullKey("LINUX"), {Level::Full, "", "LINUX", 0}},
            {fullKey("HASH3_X"), {Level::Full, "", "HASH3_X", 0}}};
        for (const auto& [key, parts] : all)
            QVERIFY2(parseKey(key) == parts, key.c_str());
    }

    void otherKeysAreNone() {
        for (const char* key :
             {"", "expect_", "expect_gray_", "expect_default_", "seal", "generation",
              "expect_default_hash", "expect_default_hash3", "expect_default_hash3_",
              "expect_default_hashx_LINUX", "expect_default_hash-1_LINUX",
              "expect_default_hash4294967296_LINUX", "Expect_gray_m"})
            QVERIFY2(!parseKey(key), key);
    }
};

QTEST_APPLESS_MAIN(TestCacheKeys)
#include "tst_cache_keys.moc"
