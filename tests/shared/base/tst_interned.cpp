// SPDX-License-Identifier: Apache-2.0
#include "shared/base/interned.h"

#include <QTest>
#include <map>
#include <thread>
#include <vector>

using namespace ifrit;
using base::SharedText;

namespace {

/// Counts the values that are there.
struct Counted {
    static inline std::atomic<int> alive{0};
    Counted() { ++alive; }
    explicit Counted(int given) : number(given) { ++alive; }
    Counted(const Counted& other) : number(other.number) { ++alive; }
    Counted& operator=(const Counted&) = default;
    ~Counted() { --alive; }
    bool operator==(const Counted& other) const { return number == other.number; }
    int number = 0;
};
struct CountedHash {
    std::size_t operator()(const Counted& value) const noexcept {
        return static_cast<std::size_t>(value.number);
    }
};
using Held = base::Interned<Counted, CountedHash>;

}  // namespace

class TestInterned : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalValuesAreOneObject() {
        const SharedText a(std::string(100, 'x'));
        const SharedText b(std::string(100, 'x'));
        const SharedText c(std::string("another"));
        QCOMPARE(&a.get(), &b.get());
        QVERIFY(a == b && !(a == c) && c < a);
        const std::string& text = a;
        QCOMPARE(text, std::string(100, 'x'));
        QCOMPARE(sizeof(SharedText), sizeof(void*));
    }

    void nothingIsEmpty() {
        const SharedText nothing;
        QVERIFY(nothing.empty() && SharedText(std::string()) == nothing);
        QCOMPARE(nothing.get(), std::string());
    }

    void whatNobodyHoldsIsForgotten() {
        const int before = Counted::alive;
        {
            Held a(Counted(7));
            Held b = a;
            const Held c(Counted(7));
            QCOMPARE(Counted::alive.load(), before + 1);
            a = Held(Counted(8));
            b = std::move(a);
            QCOMPARE(b->number, 8);
            QCOMPARE(c->number, 7);
        }
        QCOMPARE(Counted::alive.load(), before);
    }

    /// Taken and let go by many at once, so that a value often has no holder for a moment.
    void manyTakeAndLetGoAtOnce() {
        constexpr int kThreads = 8;
        constexpr int kTurns = 20'000;
        const int before = Counted::alive;
        std::atomic<int> wrong{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < kThreads; ++t) {
            threads.emplace_back([&wrong] {
                for (int i = 0; i < kTurns; ++i) {
                    const int number = 1 + i % 3;
                    const Held one{Counted(number)};
                    const Held copy = one;
                    wrong += copy->number == number && copy == one ? 0 : 1;
                }
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(Counted::alive.load(), before);
    }
};

QTEST_GUILESS_MAIN(TestInterned)
#include "tst_interned.moc"
