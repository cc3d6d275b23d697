// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/release_pace.h"

#include <algorithm>

namespace ifrit::gui::presenters {
namespace {

using domain::Outcome;
using domain::StageKind;
using std::chrono::milliseconds;

constexpr std::chrono::minutes kWindow{10};
/// Two figures that are closer say nothing about a minute.
constexpr std::chrono::seconds kLeastSpan{30};

/// Those that had the version already, were skipped, or not reached before it ended, took no time.
bool tookTime(Outcome outcome) {
    return outcome == Outcome::Ok || outcome == Outcome::Failed || outcome == Outcome::Reverted ||
           outcome == Outcome::Silent;
}

std::uint64_t doneOf(const services::StageProgress& stage) {
    std::uint64_t out = 0;
    for (const auto& [outcome, machines] : stage.counts.outcomes) {
        if (tookTime(outcome)) out += machines;
    }
    return out;
}

/// Machines that the stage does not wait for any more.
std::uint64_t outOf(const services::StageProgress& stage) {
    std::uint64_t out = 0;
    for (const auto& [outcome, machines] : stage.counts.outcomes) {
        if (outcome != Outcome::Pending) out += machines;
    }
    return out;
}

std::uint64_t doneOf(const services::ReleaseInfo& info) {
    std::uint64_t out = 0;
    for (const services::StageProgress& stage : info.stages)
        out += doneOf(stage);
    return out;
}

/// Machines that the stage still waits for.
std::uint64_t leftOf(const services::StageProgress& stage) {
    const std::uint64_t gone = outOf(stage) + stage.counts.offline;
    return stage.counts.targeted > gone ? stage.counts.targeted - gone : 0;
}

/// Of all that opened: a stage that was promoted may still have some.
bool isAllOut(const services::ReleaseInfo& info) {
    for (const services::StageProgress& stage : info.stages) {
        if (stage.counts.opened && leftOf(stage) > 0) return false;
    }
    return true;
}

double minutes(milliseconds length) {
    return static_cast<double>(length.count()) / 60'000.0;
}

double rateOf(std::uint64_t machines, milliseconds length) {
    return length >= kLeastSpan ? static_cast<double>(machines) / minutes(length) : 0;
}

milliseconds since(base::WallTime from, base::WallTime to) {
    return std::chrono::duration_cast<milliseconds>(to - from);
}

const services::StageProgress* openStage(const services::ReleaseInfo& info) {
    for (const services::StageProgress& stage : info.stages) {
        if (stage.counts.opened && !stage.counts.closed) return &stage;
    }
    return nullptr;
}

const services::StageProgress* lastOpened(const services::ReleaseInfo& info) {
    const services::StageProgress* out = nullptr;
    for (const services::StageProgress& stage : info.stages) {
        if (stage.counts.opened) out = &stage;
    }
    return out;
}

milliseconds ofMinutes(double minutes) {
    return milliseconds(static_cast<std::int64_t>(60'000.0 * minutes));
}

/// A stage's machines change beside each other, as far as the limit in flight lets them: how often
/// it is filled.
std::int64_t wavesOf(std::uint64_t machines, const domain::ReleaseSpec& spec) {
    if (spec.maxInFlight == 0) return machines > 0 ? 1 : 0;
    return static_cast<std::int64_t>((machines + spec.maxInFlight - 1) / spec.maxInFlight);
}

/// What a wave of `stage` takes where it is over at `until`. No machine has longer than its
/// deadline; the time that a stage soaks is not its machines'.
milliseconds waveOf(const services::StageProgress& stage, const domain::ReleaseSpec& spec,
                    base::WallTime until) {
    const base::WallTime over = stage.counts.closed.value_or(until);
    const std::int64_t waves = std::max<std::int64_t>(1, wavesOf(stage.counts.targeted, spec));
    const milliseconds took = std::max(since(*stage.counts.opened, over), milliseconds(0));
    return std::min(took / waves, spec.machineDeadline);
}

bool waitsForPeople(const domain::ReleaseSpec& spec, StageKind kind) {
    if (kind == StageKind::Batch) return spec.batches.advance == domain::BatchAdvance::Promote;
    return (kind == StageKind::Gray || kind == StageKind::Pilot) && !spec.autoVerify;
}

/// From the opening of a stage on, before the next one may open.
milliseconds leastTime(const domain::ReleaseSpec& spec, StageKind kind) {
    if (kind == StageKind::Batch) return spec.batches.interval;
    return kind == StageKind::Full ? milliseconds(0) : spec.soak;
}

}  // namespace

void ReleasePace::clear() {
    m_samples.clear();
    m_lastOutcome.reset();
}

void ReleasePace::take(const services::ReleaseInfo& info, base::WallTime now) {
    const std::uint64_t done = doneOf(info);
    std::uint64_t out = 0;
    for (const services::StageProgress& stage : info.stages)
        out += outOf(stage);
    // Where all had come out before anybody looked, nobody knows when: the time that a person
    // lets it wait is not its machines'.
    const bool moved = m_samples.empty() ? !isAllOut(info) : out != m_samples.back().out;
    if (moved) m_lastOutcome = now;
    // A stage that is tried again has fewer outcomes than before.
    if (!m_samples.empty() && out < m_samples.back().out) m_samples.clear();
    m_samples.push_back({now, done, out});
    // One that is older stays: the window begins at it.
    while (m_samples.size() > 2 && m_samples[1].at <= now - kWindow)
        m_samples.pop_front();
}

std::optional<double> ReleasePace::perMinute(const services::ReleaseInfo& info,
                                             base::WallTime now) const {
    double rate = 0;
    if (info.ended()) {
        if (!info.release.started || !info.release.ended) return std::nullopt;
        rate = rateOf(doneOf(info), since(*info.release.started, *info.release.ended));
    } else if (!isAllOut(info)) {
        if (!m_samples.empty())
            rate = rateOf(doneOf(info) - std::min(doneOf(info), m_samples.front().done),
                          since(m_samples.front().at, now));
        const services::StageProgress* open = openStage(info);
        if (rate <= 0 && open != nullptr)
            rate = rateOf(doneOf(*open), since(*open->counts.opened, now));
    }
    return rate > 0 ? std::optional(rate) : std::nullopt;
}

std::optional<base::WallTime> ReleasePace::outBy(const services::ReleaseInfo& info,
                                                 base::WallTime now) const {
    const services::StageProgress* last = lastOpened(info);
    // The last outcome may be of the stage before, where this one had none to wait for.
    if (isAllOut(info)) {
        if (!m_lastOutcome) return std::nullopt;
        return std::max(*m_lastOutcome, *last->counts.opened);
    }
    const std::uint64_t left = last->counts.closed ? 0 : leftOf(*last);
    if (left == 0) return now;
    const std::optional<double> rate = perMinute(info, now);
    if (!rate) return std::nullopt;
    return now + ofMinutes(static_cast<double>(left) / *rate);
}

std::optional<ReleasePace::End> ReleasePace::end(const services::ReleaseInfo& info,
                                                 base::WallTime now) const {
    if (info.release.state != domain::ReleaseState::Running || info.changeClosed)
        return std::nullopt;
    const services::StageProgress* last = lastOpened(info);
    if (last == nullptr) return std::nullopt;
    const domain::ReleaseSpec& spec = info.release.spec;
    const std::optional<base::WallTime> out = outBy(info, now);
    if (!out) return std::nullopt;
    const milliseconds wave = waveOf(*last, spec, *out);
    End end{now, false};
    bool awaited = false;
    for (std::size_t i = 0; i < info.stages.size(); ++i) {
        const domain::StageCounts& counts = info.stages[i].counts;
        if (counts.closed) continue;
        awaited = true;
        const base::WallTime opened = counts.opened.value_or(end.at);
        if (counts.opened)
            end.at = std::max(end.at, *out);
        else
            end.at += wave * wavesOf(counts.targeted, spec);
        if (i + 1 == info.stages.size()) break;
        end.at = std::max(end.at, counts.soakUntil.value_or(opened + leastTime(spec, counts.kind)));
        end.atTheEarliest = end.atTheEarliest || waitsForPeople(spec, counts.kind);
    }
    return awaited ? std::optional(end) : std::nullopt;
}

std::optional<milliseconds> ReleasePace::takes(const services::ReleaseInfo& info,
                                               std::uint64_t machines, base::WallTime now) const {
    const services::StageProgress* last = lastOpened(info);
    if (last == nullptr || doneOf(*last) == 0) return std::nullopt;
    const std::optional<base::WallTime> out = outBy(info, now);
    if (!out) return std::nullopt;
    return waveOf(*last, info.release.spec, *out) * wavesOf(machines, info.release.spec);
}

}  // namespace ifrit::gui::presenters
