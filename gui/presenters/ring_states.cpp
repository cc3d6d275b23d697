// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/ring_states.h"

#include <algorithm>

#include "gui/models/text_format.h"

namespace ifrit::gui::presenters {
namespace {

using domain::MachineState;
using domain::ReleaseState;
using models::RingBatch;
using models::StatusKind;
using models::StatusLook;

/// One of so many may fail: a batch is not failing for one machine of a thousand.
constexpr qint64 kFailingPart = 20;

bool isBad(MachineState state) {
    return state == MachineState::Failed || state == MachineState::Reverted ||
           state == MachineState::Silent;
}

bool isFailing(const models::FleetColumns& columns, std::uint32_t row,
               std::optional<models::StringId> agent) {
    const bool silent = columns.state[row] == MachineState::Silent;
    // A machine that misses its polls is offline whatever it last said.
    if (columns.offline[row] != 0 && !silent) return false;
    if (!agent) return isBad(columns.state[row]);
    for (const models::AgentCell& cell : columns.agentsOf(row)) {
        if (cell.agent == *agent && isBad(cell.state)) return true;
    }
    return false;
}

const services::StageProgress* stageOf(const services::ReleaseInfo& info, std::uint32_t batch) {
    for (const services::StageProgress& stage : info.stages) {
        if (stage.counts.kind == domain::StageKind::Batch && stage.counts.batch == batch)
            return &stage;
    }
    return nullptr;
}

RingBatch named(std::uint32_t batch) {
    RingBatch out;
    out.batch = batch;
    out.name = models::StatusWords::nameOf(domain::StageKind::Batch, batch);
    return out;
}

}  // namespace

RingCount RingStates::count(const models::FleetColumns& columns, std::uint32_t batches,
                            const std::string& agent) {
    RingCount out;
    out.machines.assign(batches, 0);
    out.failing.assign(batches, 0);
    std::optional<models::StringId> agentId;
    if (!agent.empty()) {
        // Nobody runs it: an id that no machine has.
        agentId = static_cast<models::StringId>(columns.strings.find(agent));
    }
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        const std::uint32_t batch = columns.batch[row];
        if (columns.alive[row] == 0 || batch == 0 || batch > batches) continue;
        ++out.machines[batch - 1];
        if (!isFailing(columns, row, agentId)) continue;
        ++out.failing[batch - 1];
        out.failures.push_back(row);
    }
    return out;
}

bool RingStates::goesByBatches(const services::ReleaseInfo& info) {
    return std::any_of(info.stages.begin(), info.stages.end(), [](const auto& stage) {
        return stage.counts.kind == domain::StageKind::Batch;
    });
}

std::vector<RingBatch> RingStates::ofRelease(const services::ReleaseInfo& info,
                                             std::uint32_t batches) {
    std::vector<RingBatch> out;
    const ReleaseState state = info.release.state;
    // What was open goes back, whether the next one had opened or not.
    const bool goesBack = state == ReleaseState::RollingBack || state == ReleaseState::RolledBack;
    const bool isOver = info.ended() || goesBack;
    // None is next before it goes on.
    bool nextIsTold = isOver || state == ReleaseState::Paused;
    for (const services::StageProgress& stage : info.stages) {
        const std::uint32_t batch = stage.counts.batch;
        if (stage.counts.kind != domain::StageKind::Batch || batch == 0 || batch > batches)
            continue;
        RingBatch one = named(batch);
        if (stage.counts.opened && (goesBack || (isOver && !stage.counts.closed))) {
            one.look = models::StatusWords::of(info.release);
        } else if (stage.counts.closed) {
            one.look = {StatusKind::Ok, tr("done")};
        } else if (stage.counts.opened) {
            one.look = {StatusKind::Run, tr("open")};
            if (state == ReleaseState::Halted) one.look = {StatusKind::Fail, tr("halted")};
            if (state == ReleaseState::Paused) one.look = {StatusKind::Wait, tr("paused")};
        } else {
            one.look = {StatusKind::None, isOver ? tr("not opened") : tr("not open yet")};
            if (!nextIsTold) one.look = {StatusKind::Wait, tr("next")};
            nextIsTold = true;
        }
        out.push_back(std::move(one));
    }
    // The ring has more than the release knows: it was made for fewer batches.
    for (std::uint32_t batch = 1; batch <= batches; ++batch) {
        if (stageOf(info, batch) != nullptr) continue;
        out.push_back(named(batch));
        out.back().look = {StatusKind::None, isOver ? tr("not opened") : tr("not open yet")};
    }
    return out;
}

std::vector<RingBatch> RingStates::ofFleet(const RingCount& count, std::uint32_t batches) {
    std::vector<RingBatch> out;
    for (std::uint32_t batch = 1; batch <= batches; ++batch) {
        RingBatch one = named(batch);
        const std::size_t i = batch - 1;
        if (count.machines[i] == 0) {
            one.look = {StatusKind::None, tr("no machine")};
        } else if (count.failing[i] * kFailingPart > count.machines[i]) {
            one.look = {StatusKind::Fail, tr("over 5 % bad")};
        } else {
            one.look = {StatusKind::Ok, tr("at most 5 % bad")};
        }
        out.push_back(std::move(one));
    }
    return out;
}

void RingStates::tellOpen(const services::ReleaseInfo& info, models::RingContent& content) {
    double share = 0;
    std::size_t opened = 0;
    for (const RingBatch& batch : content.batches) {
        const services::StageProgress* stage = stageOf(info, batch.batch);
        if (stage == nullptr || !stage->counts.opened) continue;
        share += batch.share;
        ++opened;
    }
    content.figure = models::percent(opened == content.batches.size() ? 1.0 : share, 1.0);
    // Not of the release's machines, whose share stands beside it.
    content.note = tr("ring opened");
}

}  // namespace ifrit::gui::presenters
