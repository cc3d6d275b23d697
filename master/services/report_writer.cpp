// SPDX-License-Identifier: Apache-2.0
#include "master/services/report_writer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "master/services/report_size.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

constexpr std::chrono::seconds kRetryAfter{5};

absl::Status refused(std::string_view reason, const std::string& uuid, std::string_view message) {
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kResourceExhausted, reason, uuid, message),
        {{}, kRetryAfter, 0, 0});
}

/// What is wrong with the report itself and will be with the next try; all else is the database's.
bool isOwnFault(const absl::Status& status) {
    switch (status.code()) {
        case absl::StatusCode::kInvalidArgument:
        case absl::StatusCode::kNotFound:
        case absl::StatusCode::kAlreadyExists:
        case absl::StatusCode::kFailedPrecondition:
        case absl::StatusCode::kOutOfRange:
            return true;
        default:
            return false;
    }
}

}  // namespace

ReportWriter::ReportWriter(Parts parts) : m_parts(std::move(parts)) {}

ReportWriter::~ReportWriter() {
    stop();
}

void ReportWriter::start() {
    if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
}

void ReportWriter::stop() {
    {
        absl::MutexLock lock(&m_mutex);
        m_stopping = true;
    }
    if (m_thread.joinable()) m_thread.join();
}

absl::Status ReportWriter::admit(const MachineReport& report, std::size_t bytes) {
    if (m_queued.count(report.uuid) > 0) {
        return refused("REPORT_WAITING", report.uuid,
                       "a report of this machine waits to be stored; send this one after it");
    }
    const bool hasRoom = m_queue.size() < m_parts.queueLimit &&
                         (m_bytes == 0 || m_bytes + bytes <= m_parts.byteLimit);
    if (!m_stopping && hasRoom) return absl::OkStatus();
    return refused("REPORTS_FULL", report.uuid,
                   "the master has more reports than it can store now; send it again later");
}

void ReportWriter::submit(MachineReport report, Done done) {
    const std::size_t bytes = sizeOf(report);
    absl::Status admitted;
    {
        absl::MutexLock lock(&m_mutex);
        admitted = admit(report, bytes);
        if (admitted.ok()) {
            m_bytes += bytes;
            m_queued.insert(report.uuid);
            m_queue.push_back({std::move(report), std::move(done), bytes, 0, {}});
            return;
        }
    }
    done(admitted);
}

std::size_t ReportWriter::waiting() const {
    const absl::MutexLock lock(&m_mutex);
    return m_queue.size();
}

void ReportWriter::run() {
    while (true) {
        std::vector<Item> group;
        std::size_t bytes = 0;
        {
            absl::MutexLock lock(&m_mutex);
            const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
                return !m_queue.empty() || m_stopping;
            };
            m_mutex.Await(absl::Condition(&wanted));
            if (m_queue.empty()) return;
            const std::size_t count = std::min(m_queue.size(), m_parts.groupLimit);
            for (std::size_t i = 0; i < count; ++i) {
                m_queued.erase(m_queue.front().report.uuid);
                bytes += m_queue.front().bytes;
                group.push_back(std::move(m_queue.front()));
                m_queue.pop_front();
            }
        }
        cut(group);
        writeGroup(group);
        group.clear();
        const absl::MutexLock lock(&m_mutex);
        m_bytes -= bytes;
    }
}

std::vector<ReportWriter::Item*> ReportWriter::freshOf(std::vector<Item>& group) const {
    // A repeated report is acknowledged and not stored twice, also within one group.
    std::vector<Item*> fresh;
    std::map<std::string, std::pair<std::string, std::uint64_t>> acked;
    for (Item& item : group) {
        const MachineReport& report = item.report;
        auto known = acked.find(report.uuid);
        if (known == acked.end()) {
            std::pair<std::string, std::uint64_t> held;
            if (const auto view = m_parts.fleet.find(report.uuid))
                held = {view->record->stored.streamId, view->record->stored.ackedSeq};
            known = acked.emplace(report.uuid, held).first;
        }
        if (report.streamId == known->second.first && report.seq <= known->second.second) {
            item.ackedSeq = known->second.second;
            continue;
        }
        known->second = {report.streamId, report.seq};
        fresh.push_back(&item);
    }
    return fresh;
}

void ReportWriter::cut(std::vector<Item>& group) const {
    for (Item& item : group) {
        const auto view = m_parts.fleet.find(item.report.uuid);
        item.cost = m_bounds.cut(item.report, view ? &view->record->stored : nullptr);
    }
}

void ReportWriter::writeGroup(std::vector<Item>& group) {
    std::map<std::string, MachineView> changed;
    const absl::Status status = store(group, changed);
    if (status.ok()) {
        finishGroup(group, changed);
        return;
    }
    if (isOwnFault(status)) {
        split(group, status);
        return;
    }
    spdlog::error("{} reports cannot be stored, machines will send them again: {}", group.size(),
                  base::messageOf(status));
    for (Item& item : group)
        item.done(base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", item.report.uuid,
                                  "the master cannot store reports now; send it again later"));
}

void ReportWriter::split(std::vector<Item>& group, const absl::Status& why) {
    if (group.size() == 1) {
        spdlog::error("a report of {} cannot be stored: {}", group[0].report.uuid,
                      base::messageOf(why));
        group[0].done(why);
        return;
    }
    const auto middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
    std::vector<Item> later(std::make_move_iterator(middle), std::make_move_iterator(group.end()));
    group.erase(middle, group.end());
    writeGroup(group);
    writeGroup(later);
}

absl::Status ReportWriter::store(std::vector<Item>& group,
                                 std::map<std::string, MachineView>& changed) {
    const absl::MutexLock lock(m_parts.order != nullptr ? m_parts.order : &m_ownOrder);
    // Judged under the lock: what the fleet has followed since is later than what waits here.
    const std::vector<Item*> fresh = freshOf(group);
    std::vector<const MachineReport*> reports;
    for (const Item* item : fresh)
        reports.push_back(&item->report);
    std::vector<storage::ReportOutcome> outcomes;
    const absl::Status stored =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(outcomes, in.machines().putReports(reports));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(stored);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        fresh[i]->ackedSeq = outcomes[i].ackedSeq;
        // What the database did not take is older than what will be followed of another master.
        const MachineReport& report = fresh[i]->report;
        if (!outcomes[i].isLatest) continue;
        changed[report.uuid] = m_parts.fleet.apply(report);
        m_bounds.charge(report, fresh[i]->cost);
    }
    return absl::OkStatus();
}

/// Those alone: another that was given meanwhile stands. One that stays there for an error is told
/// again after the next start.
void ReportWriter::eraseClears(const storage::KnownBadClearsByUuid& clears) {
    if (clears.empty()) return;
    (void)m_parts.database.transact(
        [&clears](storage::Transaction& in) { return in.machines().eraseClearsKnownBad(clears); });
}

void ReportWriter::finishGroup(std::vector<Item>& group,
                               const std::map<std::string, MachineView>& changed) {
    std::map<std::string, KnownBadClears::Said> said;
    for (const Item& item : group) {
        const auto& obeyed = item.report.obeyedClears;
        if (!obeyed.empty()) said[item.report.uuid].obeyed.insert(obeyed.begin(), obeyed.end());
    }
    std::vector<MachineView> views;
    storage::KnownBadClearsByUuid settled;
    for (const auto& [uuid, view] : changed) {
        KnownBadClears::Said& one = said[uuid];
        for (const auto& agent : view.record->stored.agents) {
            const auto& known = agent.trouble().knownBad;
            one.knownBad.insert(known.begin(), known.end());
        }
        auto clears = m_parts.clears.settle(uuid, one);
        if (!clears.empty()) settled.emplace(uuid, std::move(clears));
        views.push_back(view);
    }
    // At once for the group: all reports wait for this thread.
    eraseClears(settled);
    if (!views.empty()) m_parts.listener(views);
    for (Item& item : group)
        item.done(item.ackedSeq);
}

}  // namespace ifrit::master::services
