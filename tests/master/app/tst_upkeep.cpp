// SPDX-License-Identifier: Apache-2.0
#include <QtTest>
#include <atomic>
#include <functional>
#include <optional>
#include <thread>

#include "master/app/upkeep.h"
#include "tests/master/support/manual_clock.h"

using namespace ifrit;
using namespace ifrit::master;

/// Who is revoked, and what is old.
class TestUpkeep : public QObject {
    Q_OBJECT

    services::ManualClock m_clock;
    std::atomic<int> m_refreshed{0};
    std::atomic<int> m_tidied{0};
    std::atomic<bool> m_leads{true};

    app::Upkeep::Parts parts(std::function<void(const std::atomic<bool>& stopping)> tidied) {
        app::Upkeep::Parts out{
            [this] {
                ++m_refreshed;
                return absl::OkStatus();
            },
            [this, tidy = std::move(tidied)](const app::Lead&, const std::atomic<bool>& stopping) {
                ++m_tidied;
                tidy(stopping);
                return absl::OkStatus();
            },
            [this]() -> std::optional<app::Lead> {
                if (!m_leads) return std::nullopt;
                return app::Lead{};
            },
            m_clock};
        out.interval = std::chrono::milliseconds(1);
        return out;
    }
    static void untilStopped(const std::atomic<bool>& stopping) {
        while (!stopping)
            std::this_thread::yield();
    }
    /// Two rounds more, the second of which began after this.
    bool goesOn() {
        const int before = m_refreshed;
        return QTest::qWaitFor([&] { return m_refreshed >= before + 2; });
    }

private Q_SLOTS:
    void init() {
        m_refreshed = m_tidied = 0;
        m_leads = true;
    }

    void aBacklogOfOldRowsDelaysNoRevocation() {
        const app::Upkeep upkeep(parts(untilStopped));
        QTRY_COMPARE(m_tidied.load(), 1);
        QVERIFY(goesOn());
        // Nor does it delay a stop: else this does not end.
    }

    void oldRowsGoHourlyWhereThisMasterLeads() {
        m_leads = false;
        const app::Upkeep upkeep(parts([](const std::atomic<bool>&) {}));
        QVERIFY(goesOn());
        QCOMPARE(m_tidied.load(), 0);
        m_leads = true;
        QTRY_COMPARE(m_tidied.load(), 1);
        m_clock.advance(std::chrono::minutes(59));
        QVERIFY(goesOn());
        QCOMPARE(m_tidied.load(), 1);
        m_clock.advance(std::chrono::minutes(2));
        QTRY_COMPARE(m_tidied.load(), 2);
    }
};

QTEST_GUILESS_MAIN(TestUpkeep)
#include "tst_upkeep.moc"
