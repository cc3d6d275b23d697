// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/integrity_scanner.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "shared/log/repeated.h"

namespace ifrit::agent::integrity {
namespace {

/// Lost notices cost a scan each, and need not be told each time.
constexpr std::chrono::hours kLossPause{1};

std::set<Installation> installations(const std::string& agent, const journal::AgentRecord& record) {
    std::set<Installation> found;
    if (record.current) found.insert({agent, *record.current});
    if (record.previous) found.insert({agent, *record.previous});
    return found;
}

}  // namespace

IntegrityScanner::IntegrityScanner(Parts parts, install::Layout layout, ScanSettings settings)
    : m_parts(std::move(parts)),
      m_layout(std::move(layout)),
      m_settings(settings),
      m_budget(m_parts.clock, settings.bytesPerSecond),
      m_scanner(m_parts.clock, [this](std::size_t bytes) { return pace(bytes); }),
      m_schedule(settings.times, m_parts.random) {}

void IntegrityScanner::stop() {
    {
        const absl::MutexLock lock(&m_mutex);
        if (!stopped()) m_stop.Notify();
        m_stopped.wakeAll();
    }
    m_parts.watcher.wake();
}

void IntegrityScanner::suspect(const std::string& agent) {
    {
        const absl::MutexLock lock(&m_mutex);
        m_suspects.insert(agent);
    }
    m_parts.watcher.wake();
}

bool IntegrityScanner::pace(std::size_t bytes) {
    const auto wait = m_budget.spend(bytes);
    if (wait.count() <= 0) return !stopped();
    const auto until = std::chrono::steady_clock::now() + wait;
    const absl::MutexLock lock(&m_mutex);
    while (!stopped() && std::chrono::steady_clock::now() < until)
        m_stopped.waitUntil(m_mutex, until);
    return !stopped();
}

std::string IntegrityScanner::rootOf(const Installation& installation) const {
    return m_layout.version(installation.agent, installation.version);
}

void IntegrityScanner::report(const std::string& kind, const Installation& about,
                              const std::string& message) {
    spdlog::warn("{} {}: {}: {}", about.agent, about.version.version, kind, message);
    m_parts.board.addEvent(
        {kind, about.agent, about.version.version, message, m_parts.clock.now()});
}

std::set<Installation> IntegrityScanner::scannable() const {
    std::set<Installation> found;
    for (const auto& [agent, record] : m_parts.journal.state().agents)
        if (!record.step) found.merge(installations(agent, record));
    return found;
}

void IntegrityScanner::refresh() {
    std::set<Installation> known;
    for (const auto& [agent, record] : m_parts.journal.state().agents)
        known.merge(installations(agent, record));
    m_parts.board.keepOnly(known);
    const std::set<Installation> now = scannable();
    m_schedule.keep(now, m_parts.clock.steadyNow());
    for (auto one = m_watched.begin(); one != m_watched.end();) {
        if (now.count(one->first) > 0) {
            ++one;
            continue;
        }
        m_parts.watcher.forget(rootOf(one->first));
        one = m_watched.erase(one);
    }
    for (const Installation& one : now) {
        const auto [entry, isNew] = m_watched.try_emplace(one);
        if (isNew) watch(one, entry->second);
    }
}

void IntegrityScanner::watch(const Installation& installation, Watched& watched) {
    if (!m_settings.watch) return;
    const absl::Status status = m_parts.watcher.watch(rootOf(installation));
    if (!status.ok() && !watched.unwatched) {
        report("integrity-watch-limited", installation,
               base::messageOf(status) + "; changes are found by the periodic scan only");
    }
    watched.unwatched = !status.ok();
}

void IntegrityScanner::takeNotices(std::chrono::milliseconds timeout) {
    const platform::TreeChanges changes = m_parts.watcher.wait(timeout);
    const base::SteadyTime now = m_parts.clock.steadyNow();
    std::set<std::string> suspects;
    {
        const absl::MutexLock lock(&m_mutex);
        suspects.swap(m_suspects);
    }
    for (const auto& [installation, watched] : m_watched) {
        if (changes.lost || suspects.count(installation.agent) > 0 ||
            changes.roots.count(rootOf(installation)) > 0) {
            m_schedule.noticed(installation, now);
        }
    }
    if (!changes.lost || (m_lossReported && now - *m_lossReported < kLossPause)) return;
    m_lossReported = now;
    report("integrity-notices-lost", {},
           "the system dropped notices of changed files; everything is looked through instead");
}

void IntegrityScanner::step(std::chrono::milliseconds longest) {
    refresh();
    takeNotices(std::chrono::milliseconds(0));
    if (stopped()) return;
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (const auto due = m_schedule.due(now)) return scan(*due);
    auto wait = longest;
    if (const auto next = m_schedule.next()) {
        wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(*next - now));
    }
    takeNotices(wait);
}

std::string IntegrityScanner::linkProblem(const Installation& installation) const {
    const auto current = m_parts.journal.agent(installation.agent).current;
    if (!current || *current != installation.version) return {};
    std::error_code error;
    const auto target =
        std::filesystem::read_symlink(m_layout.current(installation.agent), error).string();
    if (target == install::Layout::currentTarget(installation.version)) return {};
    return target.empty() ? "the link 'current' is gone" : "the link 'current' points elsewhere";
}

absl::StatusOr<Finding> IntegrityScanner::look(const ScanSchedule::Due& due) {
    const Installation& one = due.installation;
    const auto manifest = m_parts.manifests.load(one.agent, one.version.digest);
    // Without it nothing can be said of the files; it is fetched again first.
    if (absl::IsNotFound(manifest.status())) return Finding{{}, "the manifest is gone", {}};
    if (absl::IsDataLoss(manifest.status())) return Finding{{}, "the manifest was changed", {}};
    if (!manifest.ok()) return manifest.status();
    IFRIT_ASSIGN_OR_RETURN(
        const ObservedTree tree,
        m_scanner.scan(rootOf(one), *manifest, due.depth, m_watched[one].stamps));
    return Finding{findDrift(*manifest, tree, {::geteuid(), ::getegid()}), {}, linkProblem(one)};
}

void IntegrityScanner::scan(const ScanSchedule::Due& due) {
    const Installation& one = due.installation;
    const base::SteadyTime begun = m_parts.clock.steadyNow();
    const std::uint64_t epoch = m_parts.board.epoch(one.agent);
    absl::StatusOr<Finding> finding = look(due);
    if (stopped()) return;
    m_schedule.scanned(due, begun, m_parts.clock.steadyNow());
    if (!finding.ok()) {
        spdlog::error("{} {}: could not be scanned: {}", one.agent, one.version.version,
                      base::messageOf(finding.status()));
        return;
    }
    // Removed or begun to be changed meanwhile: what was seen is no drift.
    if (scannable().count(one) == 0) return;
    watch(one, m_watched[one]);
    tell(one, *std::move(finding), epoch);
}

void IntegrityScanner::tell(const Installation& installation, Finding finding,
                            std::uint64_t epoch) {
    const std::string summary = summaryOf(finding);
    const bool noManifest = !finding.manifestProblem.empty();
    const bool accepted = m_parts.board.scanned(installation, std::move(finding), epoch);
    const bool isNews = summary != m_watched[installation].found;
    // After a repair it is looked at again, also where nobody tells; without a manifest nothing was
    // seen of the files yet.
    if (!accepted || noManifest || (!summary.empty() && isNews)) {
        m_schedule.noticed(installation, m_parts.clock.steadyNow());
    }
    if (!accepted) return;
    logFound(installation, summary);
    if (!summary.empty()) m_parts.found();
}

/// What cannot be put back while no master is there is met at every look.
void IntegrityScanner::logFound(const Installation& installation, const std::string& summary) {
    Watched& watched = m_watched[installation];
    const auto& [agent, version] = installation;
    watched.looks = summary == watched.found ? watched.looks + 1 : 1;
    watched.found = summary;
    if (summary.empty()) {
        spdlog::debug("{} {}: files are intact", agent, version.version);
        return;
    }
    if (!log::isWorthALine(watched.looks)) return;
    const std::string times =
        watched.looks > 1 ? fmt::format(" (found {} times in a row)", watched.looks) : "";
    spdlog::warn("{} {}: files are not as signed: {}{}", agent, version.version, summary, times);
}

}  // namespace ifrit::agent::integrity
