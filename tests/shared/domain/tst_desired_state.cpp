// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <string>
#include <vector>

#include "shared/domain/desired_state.h"
#include "shared/domain/enum_names.h"

namespace ifrit::domain {
namespace {

DesiredEntry entryOf(Level level, int second, std::uint64_t generation = 1) {
    DesiredEntry entry;
    entry.agent = "logd";
    entry.version = std::string(nameOf(level)) + std::to_string(second);
    entry.level = level;
    entry.timestamp = base::fromUnixMillis(1'000LL * second);
    entry.generation = generation;
    return entry;
}

constexpr int kAbsent = 0;

/// The rule in other words than the code's: the newest second, and among those the highest level.
std::string expected(int full, int hash, int gray) {
    const int newest = std::max({full, hash, gray});
    if (newest == kAbsent) return {};
    if (gray == newest) return "gray" + std::to_string(gray);
    if (hash == newest) return "hash" + std::to_string(hash);
    return "full" + std::to_string(full);
}

}  // namespace

class TestDesiredState : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theRule_data() {
        QTest::addColumn<int>("full");
        QTest::addColumn<int>("hash");
        QTest::addColumn<int>("gray");
        // Every combination of absent and three times on three levels.
        for (int full = 0; full <= 3; ++full) {
            for (int hash = 0; hash <= 3; ++hash) {
                for (int gray = 0; gray <= 3; ++gray) {
                    QTest::addRow("full %d hash %d gray %d", full, hash, gray)
                        << full << hash << gray;
                }
            }
        }
    }
    void theRule() {
        QFETCH(int, full);
        QFETCH(int, hash);
        QFETCH(int, gray);
        std::vector<DesiredEntry> entries;
        if (full != kAbsent) entries.push_back(entryOf(Level::Full, full));
        if (hash != kAbsent) entries.push_back(entryOf(Level::Hash, hash));
        if (gray != kAbsent) entries.push_back(entryOf(Level::Gray, gray));
        // The order in which fragments arrive must not matter.
        for (std::size_t turn = 0; turn < 3; ++turn) {
            DesiredState state;
            state.entries = entries;
            const auto chosen = chosenEntries(state);
            const std::string wanted = expected(full, hash, gray);
            QCOMPARE(chosen.size(), wanted.empty() ? 0U : 1U);
            if (!wanted.empty()) QCOMPARE(chosen[0].version, wanted);
            const auto explained = explain(state, "logd");
            QCOMPARE(explained.size(), entries.size());
            for (std::size_t i = 0; i < explained.size(); ++i) {
                QCOMPARE(explained[i].verdict == Verdict::Chosen, i == 0);
                if (i == 0) QCOMPARE(explained[i].entry.version, wanted);
                const bool older = explained[i].entry.timestamp < explained[0].entry.timestamp;
                if (i > 0) QCOMPARE(explained[i].verdict == Verdict::OlderTimestamp, older);
            }
            if (!entries.empty()) std::rotate(entries.begin(), entries.begin() + 1, entries.end());
        }
    }

    void twoRowsOfOneLevelAreDecidedByGeneration() {
        QVERIFY(wins(entryOf(Level::Full, 1, 8), entryOf(Level::Full, 1, 7)));
        QVERIFY(!wins(entryOf(Level::Full, 1, 7), entryOf(Level::Full, 1, 7)));
    }

    void agentsAreChosenApart() {
        DesiredState state;
        state.entries = {entryOf(Level::Full, 1), entryOf(Level::Gray, 1)};
        state.entries[1].agent = "metrics";
        const auto chosen = chosenEntries(state);
        QCOMPARE(chosen.size(), 2U);
        QCOMPARE(chosen[0].agent, std::string("logd"));
        QCOMPARE(chosen[1].agent, std::string("metrics"));
        QVERIFY(explain(state, "nobody").empty());
    }
};

}  // namespace ifrit::domain

QTEST_GUILESS_MAIN(ifrit::domain::TestDesiredState)
#include "tst_desired_state.moc"
