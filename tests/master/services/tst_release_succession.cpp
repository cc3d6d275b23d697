// SPDX-License-Identifier: Apache-2.0
// Chains of releases of one agent on machine types that overlap: a release goes back once those
// that followed it have, and every machine is then to run what it was to run before it.
#include <QTest>
#include <random>
#include <set>

#include "shared/base/status.h"
#include "tests/master/services/release_engine_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::DesiredAction;
using domain::MachineState;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

constexpr int kSucceeding = 7;
constexpr int kVersions = 12;

std::string uuidOf(int machine) {
    return "m" + std::to_string(machine);
}
std::string typeOf(int machine) {
    return machine < 4 ? "LINUX" : "ARM64";
}
std::string digestOf(int version) {
    return fmt::format("{:064}", version);
}

std::shared_ptr<storage::MemoryDatabase> twoTypes() {
    auto out = cluster(kSucceeding);
    for (int i = 0; i < kSucceeding; ++i)
        out->state.machines[uuidOf(i)].facts.machineType = typeOf(i);
    out->state.packages.clear();
    for (int version = 1; version <= kVersions; ++version) {
        PackageRecord made = logdPackage(std::to_string(version), digestOf(version));
        made.machineTypes = {"LINUX", "ARM64"};
        out->state.packages[made.manifestDigest] = made;
    }
    return out;
}

/// A walk through such a chain, and what should be of it.
class Chain {
public:
    explicit Chain(unsigned seed) : m_random(seed) {}

    void step() {
        m_master->clock.advance(std::chrono::seconds(1 + pick(5)));
        switch (pick(10)) {
            case 0:
            case 1:
            case 2:
                return start();
            case 3:
                return finish(ReleaseVerb::PromoteAll);
            case 4:
            case 5:
                return finish(ReleaseVerb::Abort);
            case 6:
                // It begins where the clock had begun: behind what it has stamped.
                m_master = std::make_unique<Master>(m_database);
                if (!m_master->recovered.ok()) problem = "a restart failed";
                return;
            default:
                return goBack();
        }
    }

    std::string problem;
    std::map<std::string, int> counts;

private:
    struct Past {
        std::string id;
        std::set<std::string> types;
        std::map<std::string, std::string> before;  ///< by machine, what it was to run
    };

    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(m_random); }
    ReleaseState stateOf(const Past& past) {
        return m_master->engine.head(past.id).value()->release.state;
    }
    static bool overlap(const Past& a, const Past& b) {
        return std::any_of(a.types.begin(), a.types.end(),
                           [&b](const std::string& type) { return b.types.count(type) != 0; });
    }

    std::optional<domain::DesiredEntry> chosen(int machine) {
        const std::string uuid = uuidOf(machine);
        const auto view = m_master->fleet.find(uuid);
        const auto all =
            domain::chosenEntries(m_master->published.current()
                                      ->answerFor(uuid, typeOf(machine), view->record->batch)
                                      .state());
        return all.empty() ? std::nullopt : std::optional(all.front());
    }
    static std::string wordOf(const std::optional<domain::DesiredEntry>& entry) {
        if (!entry) return "nothing";
        return entry->action == DesiredAction::Install ? entry->version : "uninstall";
    }

    void compose() {
        (void)m_master->composer.composeNow();
        const std::uint64_t generation = m_master->published.current()->generation();
        if (generation < m_generation) problem = "the generation went back";
        m_generation = generation;
    }
    /// Each does what it is told, once it may.
    void obey() {
        compose();
        for (int i = 0; i < kSucceeding; ++i) {
            const auto entry = chosen(i);
            std::string& runs = m_runs[uuidOf(i)];
            if (!entry || entry->manifestDigest == runs) continue;
            const auto answer = m_master->engine.permit(
                {uuidOf(i), "logd", entry->releaseId, entry->version, entry->manifestDigest});
            if (!answer.granted) {
                problem = fmt::format("{} is told {} and refused: {}", uuidOf(i), wordOf(entry),
                                      answer.reason);
                return;
            }
            runs = entry->manifestDigest;
            m_master->report(uuidOf(i), entry->version, runs, MachineState::Healthy,
                             entry->releaseId);
        }
        m_master->engine.tick();
    }

    void start() {
        Past past;
        for (const char* type : {"LINUX", "ARM64"}) {
            if (pick(3) != 0) past.types.insert(type);
        }
        for (const Past& other : m_past) {
            if (overlap(past, other) && release::isRunning(stateOf(other))) return;
        }
        if (past.types.empty() || m_version == kVersions) return;
        compose();
        domain::ReleaseSpec wanted = spec(std::to_string(++m_version));
        wanted.machineTypes = {past.types.begin(), past.types.end()};
        for (int i = 0; i < kSucceeding; ++i) {
            if (past.types.count(typeOf(i)) == 0) continue;
            past.before[uuidOf(i)] = wordOf(chosen(i));
            if (pick(3) == 0) wanted.gray.uuids.push_back(uuidOf(i));
        }
        past.id = m_master->started(wanted).id;
        if (past.id.empty()) {
            problem = "a release does not start";
            return;
        }
        m_past.push_back(past);
        obey();
    }

    void finish(ReleaseVerb verb) {
        for (const Past& past : m_past) {
            if (stateOf(past) != ReleaseState::Running) continue;
            // It may be in full, and only wait for the machines.
            const bool done = m_master->engine.act(kAda, past.id, verb, "").ok();
            if (!done && verb == ReleaseVerb::Abort) problem = "an abort is refused";
            // After an abort some have not come as far as they were told.
            if (pick(4) != 0) obey();
            return;
        }
    }

    bool mayGoBack(std::size_t index) {
        const Past& past = m_past[index];
        for (std::size_t i = 0; i < m_past.size(); ++i) {
            if (i == index || !overlap(past, m_past[i])) continue;
            const ReleaseState state = stateOf(m_past[i]);
            if (release::isRunning(state)) return false;
            if (i > index && state != ReleaseState::RolledBack) return false;
        }
        const ReleaseState state = stateOf(past);
        return state != ReleaseState::RolledBack && state != ReleaseState::RollingBack;
    }
    bool isBehind(std::size_t index) {
        for (std::size_t i = index + 1; i < m_past.size(); ++i) {
            if (overlap(m_past[index], m_past[i])) return true;
        }
        return false;
    }

    void goBack() {
        if (m_past.empty()) return;
        const auto index = static_cast<std::size_t>(pick(static_cast<int>(m_past.size())));
        const Past& past = m_past[index];
        const bool may = mayGoBack(index);
        const absl::Status done =
            m_master->engine.act(kAda, past.id, ReleaseVerb::Rollback, "").status();
        if (done.ok() != may) {
            problem = fmt::format("a rollback of {} of {} is {}", index, m_past.size(),
                                  done.ok() ? "done" : base::messageOf(done));
            return;
        }
        if (!may) {
            ++counts[base::errorInfo(done).reason];
            return;
        }
        const bool wasFull = m_master->engine.head(past.id).value()->fullOpened;
        ++counts[isBehind(index) ? (wasFull ? "behind, full" : "behind, before full") : "last"];
        obey();
        if (stateOf(past) != ReleaseState::RolledBack) problem = "it does not end";
        compose();
        for (int i = 0; i < kSucceeding; ++i) {
            const auto before = past.before.find(uuidOf(i));
            if (before == past.before.end()) continue;
            const std::string wanted = before->second == "nothing" ? "uninstall" : before->second;
            const auto entry = chosen(i);
            if (wordOf(entry) != wanted) {
                problem =
                    fmt::format("{} is told {} in place of {}", uuidOf(i), wordOf(entry), wanted);
            }
            if (isBehind(index) && entry && entry->releaseId != past.id)
                problem = uuidOf(i) + " is told it by another release than the one that goes back";
        }
    }

    std::mt19937 m_random;
    const std::shared_ptr<storage::MemoryDatabase> m_database = twoTypes();
    std::unique_ptr<Master> m_master = std::make_unique<Master>(m_database);
    std::vector<Past> m_past;  ///< in the order in which they were started
    std::map<std::string, std::string> m_runs;
    std::uint64_t m_generation = 0;
    int m_version = 0;
};

}  // namespace

class TestReleaseSuccession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aRollbackGivesBackWhatWasBefore() {
        std::map<std::string, int> counts;
        for (unsigned seed = 0; seed < 160; ++seed) {
            Chain chain(seed);
            for (int i = 0; i < 40; ++i) {
                chain.step();
                QVERIFY2(chain.problem.empty(),
                         qPrintable(QStringLiteral("seed %1, step %2: %3")
                                        .arg(seed)
                                        .arg(i)
                                        .arg(QString::fromStdString(chain.problem))));
            }
            for (const auto& [what, count] : chain.counts)
                counts[what] += count;
        }
        // The walk really goes everywhere, so that the checks above mean something.
        for (const char* what : {"last", "behind, full", "behind, before full",
                                 "RELEASE_SUPERSEDED", "RELEASE_CONFLICT", "RELEASE_STATE"})
            QVERIFY2(
                counts[what] > 5,
                qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(what)).arg(counts[what])));
    }
};

QTEST_GUILESS_MAIN(TestReleaseSuccession)
#include "tst_release_succession.moc"
