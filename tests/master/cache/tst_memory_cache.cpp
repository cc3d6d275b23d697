// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/cache/memory_cache.h"
#include "tests/master/cache/state_cache_contract.h"

using namespace ifrit::master::cache;

class TestMemoryCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void putAndRead() { checkPutAndRead(make()); }
    void unchangedKeysKeepTheirGeneration() { checkUnchangedKeysKeepTheirGeneration(make()); }
    void generationNeverGoesBack() { checkGenerationNeverGoesBack(make()); }
    void bytesAreKeptExactly() { checkBytesAreKeptExactly(make()); }
    void manyKeys() { checkManyKeys(make()); }
    void listenersAreTold() { checkListenersAreTold(make()); }
    void freezeIsKept() { checkFreezeIsKept(make()); }

private:
    static MakeCache make() {
        return [] { return std::make_unique<MemoryCache>(); };
    }
};

QTEST_GUILESS_MAIN(TestMemoryCache)
#include "tst_memory_cache.moc"
