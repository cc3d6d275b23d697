// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <fstream>
#include <thread>
#include <vector>

#include "agent/platform/memory.h"
#include "tests/support/address_sanitizer.h"

namespace ifrit::tests {

class MemoryTest : public QObject {
    Q_OBJECT

    /// Of this process, in KiB.
    static long anonymousMemory() {
        std::ifstream status("/proc/self/status");
        for (std::string word; status >> word;) {
            long kibibytes = 0;
            if (word == "RssAnon:" && status >> kibibytes) return kibibytes;
        }
        return -1;
    }

private Q_SLOTS:
    void aBurstOfWorkLeavesNothingBehind_data() {
        QTest::addColumn<int>("blockBytes");
        QTest::newRow("small blocks, from the heap") << 60'000;
        QTest::newRow("large ones, mapped by themselves") << 9'000'000;
    }
    void aBurstOfWorkLeavesNothingBehind() {
        if (kHasAddressSanitizer) QSKIP("the sanitizer keeps what is freed");
        QFETCH(int, blockBytes);
        agent::platform::keepMemorySmall();
        const long before = anonymousMemory();
        long during = 0;
        std::vector<std::string> kept;  // what stays between the blocks must not keep them
        std::thread([&] {
            // Twice: glibc learns from the first time what it would keep the second.
            for (int burst = 0; burst < 2; ++burst) {
                std::vector<std::vector<char>> blocks;
                for (int taken = 0; taken < 40'000'000; taken += blockBytes) {
                    blocks.emplace_back(static_cast<std::size_t>(blockBytes), 'x');
                    kept.emplace_back(100, 'x');
                }
                during = anonymousMemory();
            }
            agent::platform::giveBackFreeMemory();
        }).join();
        QVERIFY(before > 0 && during > before + 30'000);
        QVERIFY2(anonymousMemory() < before + 4'000,
                 QByteArray::number(static_cast<qlonglong>(anonymousMemory() - before)));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::MemoryTest)
#include "tst_memory.moc"
