// SPDX-License-Identifier: Apache-2.0
#include "shared/base/published.h"

#include <QTest>
#include <atomic>
#include <thread>
#include <vector>

using namespace ifrit;

class TestPublished : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasSetIsSeenAtOnce() {
        base::Published<int> value(std::make_shared<const int>(1));
        QCOMPARE(*value.get(), 1);
        const auto former = value.get();
        value.set(std::make_shared<const int>(2));
        QCOMPARE(value.ask([](int held) { return held; }), 2);
        QCOMPARE(*former, 1);
    }

    void aFormerValueIsLetGo() {
        auto first = std::make_shared<const int>(1);
        const std::weak_ptr<const int> watched = first;
        base::Published<int> value(std::move(first));
        value.set(std::make_shared<const int>(2));
        QVERIFY(watched.expired());
    }

    /// No reader is taken back, however many read and set.
    void readersSeeNoOlderValueAgain() {
        constexpr int kReaders = 8;
        constexpr int kLast = 5'000;
        base::Published<int> value(std::make_shared<const int>(0));
        std::atomic<int> wentBack{0};
        std::vector<std::thread> readers;
        for (int i = 0; i < kReaders; ++i) {
            readers.emplace_back([&] {
                for (int seen = 0; seen < kLast;) {
                    const int now =
                        seen % 2 == 0 ? *value.get() : value.ask([](int held) { return held; });
                    wentBack += now < seen ? 1 : 0;
                    seen = now;
                }
            });
        }
        for (int next = 1; next <= kLast; ++next)
            value.set(std::make_shared<const int>(next));
        for (std::thread& reader : readers)
            reader.join();
        QCOMPARE(wentBack.load(), 0);
    }
};

QTEST_GUILESS_MAIN(TestPublished)
#include "tst_published.moc"
