// SPDX-License-Identifier: Apache-2.0
// The limits of notices, and scans that a repair makes worthless.
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <QTest>
#include <sstream>

#include "agent/integrity/integrity_scanner.h"
#include "tests/agent/integrity/installed_package.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {

namespace {

namespace fs = std::filesystem;

using domain::Integrity;
using std::chrono::milliseconds;

/// Tells what the test says.
class FakeWatcher final : public agent::platform::TreeWatcher {
public:
    absl::Status answer;                ///< to watch()
    agent::platform::TreeChanges next;  ///< what the next wait() gives
    std::vector<std::string> watched;
    std::function<void()> onWatch;

    absl::Status watch(const std::string& root) override {
        watched.push_back(root);
        if (onWatch) onWatch();
        return answer;
    }
    void forget(const std::string&) override {}
    agent::platform::TreeChanges wait(milliseconds) override { return std::exchange(next, {}); }
    void wake() override {}
};

}  // namespace

class IntegrityScannerTest : public QObject {
    Q_OBJECT

    std::unique_ptr<InstalledPackage> m_package;
    std::unique_ptr<agent::install::Layout> m_layout;
    std::unique_ptr<agent::journal::Journal> m_journal;
    std::unique_ptr<agent::package::ManifestStore> m_manifests;
    std::unique_ptr<agent::integrity::IntegrityBoard> m_board;
    std::unique_ptr<agent::integrity::IntegrityScanner> m_scanner;
    ManualClock m_clock;
    FakeWatcher m_watcher;
    int m_found = 0;

    Integrity state() const { return m_board->view("exporter", m_clock.steadyNow()).state; }
    /// Steps until nothing is due, `by` later.
    void pass(milliseconds by) {
        m_clock.advance(by);
        for (int i = 0; i < 5; ++i)
            m_scanner->step(milliseconds(0));
    }
    void damage() { fs::remove(m_package->root / "licence"); }
    std::vector<std::string> events() const {
        std::vector<std::string> kinds;
        for (const domain::MachineEvent& event : m_board->takeEvents().events)
            kinds.push_back(event.kind);
        return kinds;
    }

private Q_SLOTS:
    void init() {
        m_package = std::make_unique<InstalledPackage>();
        m_layout = std::make_unique<agent::install::Layout>((m_package->base / "root").string());
        const agent::journal::InstalledVersion version{
            m_package->manifest.version,
            ::ifrit::package::manifestDigest(m_package->signedManifest)};
        const fs::path home = m_layout->version("exporter", version);
        fs::create_directories(home.parent_path());
        fs::rename(m_package->root, home);
        m_package->root = home;
        fs::create_symlink(agent::install::Layout::currentTarget(version),
                           m_layout->current("exporter"));
        m_manifests = std::make_unique<agent::package::ManifestStore>(m_layout->agents());
        QVERIFY(m_manifests->save("exporter", m_package->signedManifest).ok());
        m_journal = std::move(
            agent::journal::Journal::open((m_package->base / "journal").string())->journal);
        QVERIFY(m_journal->updateAgent("exporter", [&](auto& record) { record.current = version; })
                    .ok());
        m_watcher = FakeWatcher();
        m_found = 0;
        m_board =
            std::make_unique<agent::integrity::IntegrityBoard>(agent::integrity::RepairPolicy{});
        m_scanner = std::make_unique<agent::integrity::IntegrityScanner>(
            agent::integrity::IntegrityScanner::Parts{m_clock, [] { return 0.0; }, *m_journal,
                                                      *m_manifests, m_watcher, *m_board,
                                                      [this] { ++m_found; }},
            *m_layout, agent::integrity::ScanSettings{{}, 0, true});
        pass(milliseconds(0));
        QCOMPARE(state(), Integrity::Unknown);
        pass(std::chrono::minutes(5));
        QCOMPARE(state(), Integrity::Intact);
    }

    void whatNobodyTellsIsFoundByTheNextFullScan() {
        damage();
        pass(std::chrono::minutes(50));
        QCOMPARE(state(), Integrity::Intact);
        pass(std::chrono::minutes(10));
        QCOMPARE(state(), Integrity::Damaged);
        QVERIFY(m_found > 0);
    }

    void aNoticeIsEnough() {
        damage();
        m_watcher.next.roots = {m_package->root.string()};
        pass(std::chrono::minutes(1));
        pass(std::chrono::seconds(2));
        QCOMPARE(state(), Integrity::Damaged);
    }

    void exhaustedWatchesAreToldOnceAndTheScanGoesOn() {
        m_watcher.answer = base::makeError(absl::StatusCode::kResourceExhausted,
                                           "WATCHES_EXHAUSTED", "", "no watches left");
        pass(std::chrono::hours(1));
        QVERIFY(events() == std::vector<std::string>{"integrity-watch-limited"});
        damage();
        pass(std::chrono::hours(1));
        QVERIFY(events().empty());
        QCOMPARE(state(), Integrity::Damaged);
    }

    void lostNoticesAreToldAndEverythingIsLookedThrough() {
        damage();
        m_watcher.next.lost = true;
        pass(std::chrono::minutes(1));
        QVERIFY(events() == std::vector<std::string>{"integrity-notices-lost"});
        pass(std::chrono::seconds(2));
        QCOMPARE(state(), Integrity::Damaged);
        m_watcher.next.lost = true;
        pass(std::chrono::minutes(1));
        QVERIFY2(events().empty(), "once an hour is enough");
    }

    void aScanThatOverlapsARepairSaysNothing() {
        damage();
        // A scan watches again when it is over: then a repair has come and gone.
        m_watcher.onWatch = [this] {
            m_watcher.onWatch = nullptr;
            m_board->repairBegins("exporter");
            m_board->repairEnds("exporter");
        };
        m_clock.advance(std::chrono::hours(1));
        m_scanner->step(milliseconds(0));
        QCOMPARE(state(), Integrity::Intact);
        pass(std::chrono::seconds(15));
        QVERIFY2(state() == Integrity::Damaged, "it is looked at again soon");
    }

    void aLostManifestIsAFindingOfItsOwn() {
        fs::remove_all(m_layout->manifests("exporter"));
        pass(std::chrono::hours(1));
        QCOMPARE(m_board->view("exporter", m_clock.steadyNow()).note,
                 std::string("the manifest is gone"));
    }

    /// While no master is there it is looked at again and again.
    void whatStaysIsNotLoggedAtEveryLook() {
        std::ostringstream log;
        const auto before = spdlog::default_logger();
        spdlog::set_default_logger(std::make_shared<spdlog::logger>(
            "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
        const auto linesOver = [&](int looks) {
            const int foundBefore = m_found;
            log.str("");
            while (m_found < foundBefore + looks)
                pass(std::chrono::seconds(10));
            return QString::fromStdString(log.str()).count(QStringLiteral("not as signed"));
        };
        fs::remove_all(m_layout->manifests("exporter"));
        m_clock.advance(std::chrono::hours(1));
        const int first = linesOver(3);
        const int later = linesOver(100);
        const bool isCounted = log.str().find("(found 100 times in a row)") != std::string::npos;
        QVERIFY(m_manifests->save("exporter", m_package->signedManifest).ok());
        damage();
        const int other = linesOver(1);
        spdlog::set_default_logger(before);
        QCOMPARE(first, 3);
        QCOMPARE(later, 5);
        QVERIFY(isCounted);
        QCOMPARE(other, 1);
    }

    void theLinkIsLookedAtToo() {
        fs::remove(m_layout->current("exporter"));
        pass(std::chrono::hours(1));
        QCOMPARE(m_board->view("exporter", m_clock.steadyNow()).note,
                 std::string("the link 'current' is gone"));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::IntegrityScannerTest)
#include "tst_integrity_scanner.moc"
