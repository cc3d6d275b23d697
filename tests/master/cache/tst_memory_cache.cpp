// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/cache/cache_keys.h"
#include "master/cache/memory_cache.h"
#include "tests/master/cache/state_cache_contract.h"

using namespace ifrit::master::cache;

class TestMemoryCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keysAreThoseOfTheDesign() {
        QCOMPARE(keyPrefix("prod"), std::string("{ifrit:prod}:"));
        QCOMPARE(grayKey("m-1"), std::string("expect_gray_m-1"));
        QCOMPARE(hashKey(3, "ARM64"), std::string("expect_default_hash3_ARM64"));
        QCOMPARE(fullKey("LINUX"), std::string("expect_default_LINUX"));
    }
    void putGetErase() { checkPutGetErase(make()); }
    void changeIsWhole() { checkChangeIsWhole(make()); }
    void generationNeverGoesBack() { checkGenerationNeverGoesBack(make()); }
    void bytesAreKeptExactly() { checkBytesAreKeptExactly(make()); }
    void listenersAreTold() { checkListenersAreTold(make()); }

private:
    static MakeCache make() {
        return [] { return std::make_unique<MemoryCache>("test"); };
    }
};

QTEST_GUILESS_MAIN(TestMemoryCache)
#include "tst_memory_cache.moc"
