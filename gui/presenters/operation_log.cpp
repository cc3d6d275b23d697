// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/operation_log.h"

#include <algorithm>

#include "gui/presenters/connection_hub.h"

namespace ifrit::gui::presenters {
namespace {

using models::CellStyle;
using models::StatusKind;
using models::toText;

constexpr int kLookEveryMs = 250;

QString answerOf(const Operation& operation) {
    if (operation.state == Operation::State::Running)
        return operation.percent >= 0 ? QStringLiteral("%1 %").arg(operation.percent) : QString();
    return operation.status.ok() ? QString() : sentenceOf(operation.status);
}

QString tookText(const Operation& operation, const models::TimeText& times) {
    const base::WallTime until = operation.ended.value_or(times.now());
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - operation.began);
    if (took < std::chrono::seconds(10))
        return OperationModel::tr("%1 ms").arg(models::grouped(took.count()));
    return models::TimeText::duration(took);
}

}  // namespace

models::StatusLook OperationModel::lookOf(const Operation& operation) {
    switch (operation.state) {
        case Operation::State::Running:
            return {StatusKind::Run, tr("running")};
        case Operation::State::Done:
            return {StatusKind::Ok, tr("done")};
        case Operation::State::Failed:
            return {StatusKind::Fail, tr("failed")};
        case Operation::State::Cancelled:
            break;
    }
    return {StatusKind::None, tr("cancelled")};
}

OperationModel::OperationModel(const models::TimeText& times, QObject* parent)
    : RecordTableModel(
          {{{"state", [] { return tr("State"); }},
            {},
            CellStyle::Plain,
            &OperationModel::lookOf,
            {}},
           {{"what", [] { return tr("What"); }},
            [](const Operation& one) { return one.what.text(); },
            CellStyle::Plain,
            {},
            {}},
           {{"cluster", [] { return tr("Cluster"); }},
            [](const Operation& one) { return one.cluster; },
            CellStyle::Plain,
            {},
            {}},
           {{"began", [] { return tr("Began"); }},
            [&times](const Operation& one) { return times.at(one.began); },
            CellStyle::Muted,
            {},
            {}},
           {{"took", [] { return tr("Took"); }},
            [&times](const Operation& one) { return tookText(one, times); },
            CellStyle::Number,
            {},
            {}},
           {{"request_id", [] { return tr("Request"); }},
            [](const Operation& one) { return toText(one.requestId); },
            CellStyle::MonospaceMuted,
            {},
            {}},
           {{"answer", [] { return tr("Answer"); }}, answerOf, CellStyle::Plain, {}, {}}},
          [](const Operation& one) { return QString::number(one.id); }, parent) {
    keepKeyUnsaid();
    QObject::connect(&times, &models::TimeText::changed, this, [this] { touchAll(); });
}

OperationLog::OperationLog(const models::TimeText& times, QObject* parent)
    : QObject(parent), m_times(times), m_model(times) {
    m_timer.setInterval(kLookEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &OperationLog::look);
}

std::uint64_t OperationLog::begin(OperationFacts facts, std::function<void()> cancel) {
    Pending pending;
    pending.operation.id = ++m_last;
    pending.operation.what = std::move(facts.what);
    pending.operation.cluster = std::move(facts.cluster);
    pending.operation.requestId = std::move(facts.requestId);
    pending.operation.changes = facts.changes;
    pending.operation.began = m_times.now();
    pending.cancel = std::move(cancel);
    pending.shown = facts.changes;
    const Operation operation = pending.operation;
    m_pending.emplace(operation.id, std::move(pending));
    if (operation.changes) show(operation);
    if (!m_timer.isActive()) m_timer.start();
    return operation.id;
}

void OperationLog::show(const Operation& operation) {
    std::vector<Operation> all = m_model.all();
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const auto& one) { return one.id == operation.id; });
    if (same != all.end()) {
        *same = operation;
    } else {
        all.insert(all.begin(), operation);
    }
    // One that runs is never forgotten.
    for (auto at = all.end(); all.size() > kMost && at != all.begin();) {
        --at;
        if (at->state != Operation::State::Running) at = all.erase(at);
    }
    m_model.setRecords(std::move(all));
    Q_EMIT changed();
}

void OperationLog::look() {
    bool told = false;
    for (auto& [id, pending] : m_pending) {
        if (pending.shown || m_times.now() - pending.operation.began < kSlow) continue;
        pending.shown = true;
        told = true;
        show(pending.operation);
    }
    // How long they take grows while they run.
    if (!told) m_model.touchAll();
    if (m_pending.empty()) m_timer.stop();
}

void OperationLog::progress(std::uint64_t id, int percent) {
    const auto found = m_pending.find(id);
    if (found == m_pending.end() || found->second.operation.percent == percent) return;
    found->second.operation.percent = percent;
    if (found->second.shown) show(found->second.operation);
}

void OperationLog::end(std::uint64_t id, const absl::Status& status) {
    const auto found = m_pending.find(id);
    if (found == m_pending.end()) return;
    Operation operation = std::move(found->second.operation);
    const bool shown = found->second.shown;
    m_pending.erase(found);
    operation.ended = m_times.now();
    operation.status = status;
    operation.state = status.ok()                 ? Operation::State::Done
                      : absl::IsCancelled(status) ? Operation::State::Cancelled
                                                  : Operation::State::Failed;
    if (const std::string request = services::requestIdOf(status); !request.empty())
        operation.requestId = request;
    if (!shown && *operation.ended - operation.began < kSlow) return;
    show(operation);
    Q_EMIT ended(operation);
}

void OperationLog::abandon(std::uint64_t id) {
    const auto found = m_pending.find(id);
    if (found == m_pending.end()) return;
    if (found->second.operation.changes) {
        end(id, absl::CancelledError("nobody waits for the answer; the master may have done it"));
        return;
    }
    const bool shown = found->second.shown;
    m_pending.erase(found);
    if (!shown) return;
    std::vector<Operation> all = m_model.all();
    std::erase_if(all, [id](const Operation& one) { return one.id == id; });
    m_model.setRecords(std::move(all));
    Q_EMIT changed();
}

void OperationLog::cancel(std::uint64_t id) {
    const auto found = m_pending.find(id);
    if (found == m_pending.end()) return;
    if (const auto cancel = std::exchange(found->second.cancel, nullptr)) cancel();
}

void OperationLog::setFilter(const QString& text) {
    m_model.setFilter(text);
    Q_EMIT changed();
}

int OperationLog::running() const {
    return static_cast<int>(std::count_if(m_pending.begin(), m_pending.end(),
                                          [](const auto& one) { return one.second.shown; }));
}

}  // namespace ifrit::gui::presenters
