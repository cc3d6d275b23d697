// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>

#include "master/ops/ops_pages.h"
#include "master/ops/readiness.h"

using namespace ifrit::master;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const std::vector<std::string> kMethods{"ifrit.v1.MachineLink/Sync", "ifrit.v1.MachineLink/Watch"};
constexpr int kCancelled = 1;
constexpr int kResourceExhausted = 8;
constexpr int kUnavailable = 14;

/// The value of one series; -1: there is none.
double valueOf(const std::string& page, const std::string& series) {
    const std::string begin = '\n' + series + ' ';
    const std::size_t at = ('\n' + page).find(begin);
    return at == std::string::npos ? -1 : std::stod(page.substr(at + begin.size() - 1));
}

}  // namespace

class OpsPagesTest : public QObject {
    Q_OBJECT

    services::ClusterFigures m_figures;

    std::string page(const ops::CallMetrics& calls, const char* path) const {
        return ops::OpsPages(calls, [this] { return m_figures; }).page(path)->body;
    }
    int status(const char* path) const {
        const ops::CallMetrics calls(kMethods);
        return ops::OpsPages(calls, [this] { return m_figures; }).page(path)->status;
    }

private Q_SLOTS:
    void init() { m_figures = {}; }

    void whoLeadsIsToldByEachMaster() {
        const ops::CallMetrics calls(kMethods);
        std::string text = page(calls, "/metrics");
        QCOMPARE(valueOf(text, "ifrit_leads"), 0.0);
        QVERIFY(text.find("ifrit_leader{") == std::string::npos);
        m_figures.leaderAddress = "b.example:7443";
        text = page(calls, "/metrics");
        QCOMPARE(valueOf(text, "ifrit_leads"), 0.0);
        QCOMPARE(valueOf(text, "ifrit_leader{address=\"b.example:7443\"}"), 1.0);
        m_figures = {};
        m_figures.leads = true;
        text = page(calls, "/metrics");
        QCOMPARE(valueOf(text, "ifrit_leads"), 1.0);
        QCOMPARE(valueOf(text, "ifrit_leader{address=\"this\"}"), 1.0);
    }

    void callsAreCountedByMethodAndCode() {
        ops::CallMetrics calls(kMethods);
        calls.callEnded(kMethods[0], 0, seconds(0));
        calls.callEnded(kMethods[0], 0, milliseconds(20));
        calls.callEnded(kMethods[0], kResourceExhausted, std::chrono::hours(1));
        calls.callEnded(kMethods[1], 1, std::nullopt);
        calls.callEnded("made.up/Name", 12, seconds(0));
        calls.callEnded("another", 4711, seconds(0));
        const std::string text = page(calls, "/metrics");
        const auto count = [&](const char* method, const char* code) {
            return valueOf(text, "ifrit_rpc_calls_total{method=\"" + std::string(method) +
                                     "\",code=\"" + code + "\"}");
        };
        QCOMPARE(count("ifrit.v1.MachineLink/Sync", "OK"), 2.0);
        QCOMPARE(count("ifrit.v1.MachineLink/Sync", "RESOURCE_EXHAUSTED"), 1.0);
        QCOMPARE(count("ifrit.v1.MachineLink/Watch", "OK"), 0.0);
        QCOMPARE(count("ifrit.v1.MachineLink/Watch", "CANCELLED"), 1.0);
        // A caller must not make up series.
        QCOMPARE(count("other", "UNIMPLEMENTED"), 1.0);
        QCOMPARE(count("other", "UNKNOWN"), 1.0);
        QVERIFY(text.find("made.up") == std::string::npos);

        const auto bucket = [&](const char* bound) {
            return valueOf(text, "ifrit_rpc_duration_seconds_bucket{method=\"" + kMethods[0] +
                                     "\",le=\"" + bound + "\"}");
        };
        QCOMPARE(bucket("0.0001"), 1.0);
        QCOMPARE(bucket("0.005"), 1.0);
        QCOMPARE(bucket("0.025"), 2.0);
        QCOMPARE(bucket("30"), 2.0);
        QCOMPARE(bucket("+Inf"), 3.0);
        QCOMPARE(valueOf(text, "ifrit_rpc_duration_seconds_sum{method=\"" + kMethods[0] + "\"}"),
                 3600.02);
        QVERIFY(text.find("ifrit_rpc_duration_seconds_count{method=\"" + kMethods[1]) ==
                std::string::npos);
    }

    void whatMachinesAndOthersAskedIsSummedUp() {
        ops::CallMetrics calls(kMethods);
        const auto before = calls.totals();
        QCOMPARE(before.pollsByDuration.size(), before.bounds.size() + 1);
        QVERIFY(std::is_sorted(before.bounds.begin(), before.bounds.end()));
        calls.callEnded(kMethods[0], 0, std::chrono::microseconds(10));
        calls.callEnded(kMethods[0], kResourceExhausted, std::chrono::microseconds(11));
        calls.callEnded(kMethods[0], kUnavailable, std::chrono::hours(1));
        calls.callEnded(kMethods[0], kCancelled, std::chrono::hours(1));
        calls.callEnded(kMethods[1], 0, std::nullopt);
        calls.callEnded("made.up/Name", kUnavailable, seconds(0));
        const auto after = calls.totals();
        QCOMPARE(after.polls - before.polls, std::uint64_t(4));
        QCOMPARE(after.shed - before.shed, std::uint64_t(2));
        QCOMPARE(after.otherCalls - before.otherCalls, std::uint64_t(2));
        QCOMPARE(after.pollsByDuration[0], std::uint64_t(1));
        QCOMPARE(after.pollsByDuration[1], std::uint64_t(1));
        QCOMPARE(after.pollsByDuration.back(), std::uint64_t(2));
    }

    void theClusterIsShown() {
        m_figures.cluster = "eu \"north\"\n";
        m_figures.version = "1.2";
        m_figures.machinesByState = {{"healthy", 7}, {"failed", 2}};
        m_figures.offline = 1;
        m_figures.generation = 42;
        m_figures.removedRows = 4'003;
        m_figures.staleFor = milliseconds(1500);
        m_figures.openReleases = {{"halted", 1}};
        m_figures.waitingReports = 3;
        const std::string text = page(ops::CallMetrics(kMethods), "/metrics");
        const std::string info =
            "ifrit_master_info{cluster=\"eu \\\"north\\\"\\n\",version=\"1.2\"}";
        QCOMPARE(valueOf(text, info), 1.0);
        QCOMPARE(valueOf(text, "ifrit_machines{state=\"healthy\"}"), 7.0);
        QCOMPARE(valueOf(text, "ifrit_machines{state=\"failed\"}"), 2.0);
        QCOMPARE(valueOf(text, "ifrit_machines_offline"), 1.0);
        QCOMPARE(valueOf(text, "ifrit_generation"), 42.0);
        QCOMPARE(valueOf(text, "ifrit_release_machine_rows_removed_total"), 4'003.0);
        QCOMPARE(valueOf(text, "ifrit_stale_seconds"), 1.5);
        QCOMPARE(valueOf(text, "ifrit_releases{state=\"halted\"}"), 1.0);
        QCOMPARE(valueOf(text, "ifrit_reports_waiting"), 3.0);
    }

    void whoIsWellSaysSo() {
        QCOMPARE(status("/healthz"), 200);
        QCOMPARE(status("/readyz"), 200);
        QCOMPARE(page(ops::CallMetrics(kMethods), "/readyz"), std::string("ok\n"));
        QVERIFY(!ops::OpsPages(ops::CallMetrics(kMethods), [this] {
                     return m_figures;
                 }).page("/metrics/"));
    }

    void aMasterThatStandsStillIsToBeRestarted() {
        m_figures.sinceTick = seconds(61);
        QCOMPARE(status("/healthz"), 503);
        QCOMPARE(status("/readyz"), 503);
    }

    // A database that hangs keeps a round for long; that is no reason to end the master.
    void aLongRoundIsNoReasonUntilItIsTooLong() {
        m_figures.sinceRound = seconds(100);
        QCOMPARE(status("/healthz"), 200);
        m_figures.sinceRound = seconds(301);
        QCOMPARE(status("/healthz"), 503);
    }

    void aMasterThatStopsTakesNoMore() {
        m_figures.stopping = true;
        QCOMPARE(status("/healthz"), 200);
        QCOMPARE(status("/readyz"), 503);
    }

    // Machines are served what was composed last: taking all masters out would be worse.
    void aMasterWithoutItsDatabaseServesOn() {
        m_figures.staleFor = seconds(100);
        m_figures.generation = 9;
        QCOMPARE(status("/readyz"), 200);
        const std::string text = ops::readinessOf(m_figures).text;
        QVERIFY(text.find("stale") != std::string::npos);
        QVERIFY(text.find("generation 9") != std::string::npos);
        QVERIFY(text.find("100 s") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(OpsPagesTest)
#include "tst_ops_pages.moc"
