// SPDX-License-Identifier: GPL-3.0-or-later
// What the ReleasePresenter counts for people: figures, error budget, lanes.
#include <algorithm>

#include "gui/presenters/release_presenter.h"

namespace ifrit::gui::presenters {
namespace {

using models::grouped;
using models::StatusKind;
using models::StatusWords;

qint64 outcomes(const services::StageProgress& stage, domain::Outcome outcome) {
    const auto found = stage.counts.outcomes.find(outcome);
    return found == stage.counts.outcomes.end() ? 0 : found->second;
}

}  // namespace

QList<models::Figure> ReleasePresenter::figures() const {
    if (!m_info) return {};
    const bool old = models::isOld(notice().state);
    const auto of = [this](domain::Outcome outcome) {
        return static_cast<qint64>(m_info->count(outcome));
    };
    qint64 inFlight = 0;
    qint64 offline = 0;
    for (const services::StageProgress& stage : m_info->stages) {
        inFlight += stage.inFlight;
        offline += stage.counts.offline;
    }
    const auto figure = [old](const QString& label, qint64 value, StatusKind kind,
                              const QString& unit = {}) {
        models::Figure out{label, grouped(value), unit, {}, old};
        if (value > 0) out.kind = kind;
        return out;
    };
    const qint64 converged = of(domain::Outcome::Ok) + of(domain::Outcome::Already);
    QList<models::Figure> out = {
        {tr("Converged"),
         grouped(converged),
         tr("of %1").arg(grouped(static_cast<qint64>(m_info->targeted()))),
         {},
         old},
        figure(tr("In flight"), inFlight, StatusKind::Run),
        figure(tr("Failed"), of(domain::Outcome::Failed), StatusKind::Fail),
        figure(tr("Reverted"), of(domain::Outcome::Reverted), StatusKind::Fail),
        figure(tr("Silent"), of(domain::Outcome::Silent), StatusKind::Silent),
        figure(tr("Offline, later"), offline, StatusKind::None)};
    if (of(domain::Outcome::Skipped) > 0)
        out << figure(tr("Skipped"), of(domain::Outcome::Skipped), StatusKind::None);
    if (const auto budget = budgetFigure(old)) out << *budget;
    if (const auto& started = m_info->release.started) {
        const base::WallTime until = m_info->release.ended.value_or(m_hub.times().now());
        out << models::Figure{m_info->ended() ? tr("Took") : tr("Running for"),
                              models::TimeText::duration(until - *started),
                              {},
                              {},
                              old};
    }
    out << paceFigures(old);
    return out;
}

QList<models::Figure> ReleasePresenter::paceFigures(bool old) const {
    if (!m_info->release.started) return {};
    const base::WallTime now = m_hub.times().now();
    const std::optional<double> rate = m_pace.perMinute(*m_info, now);
    const QString dash = QStringLiteral("–");
    QList<models::Figure> out = {{tr("Machines a minute"),
                                  rate ? models::rate(*rate) : dash,
                                  m_info->ended() && rate ? tr("on average") : QString(),
                                  {},
                                  old}};
    if (m_info->ended()) return out;
    const std::optional<ReleasePace::End> end = m_pace.end(*m_info, now);
    const QString label =
        end && end->atTheEarliest ? tr("Ends, at the earliest") : tr("Ends, estimated");
    const QString left =
        end ? tr("in %1").arg(models::TimeText::duration(
                  std::chrono::duration_cast<std::chrono::milliseconds>(end->at - now)))
            : dash;
    out << models::Figure{label, left, {}, {}, old};
    return out;
}

QString ReleasePresenter::soakOf(const services::StageProgress& stage) const {
    // Not of what is old: the stage may be closed by now.
    if (!stage.soakUntil || stage.counts.closed || !m_hub.isConnected()) return {};
    // Nothing opens any more, whatever time it would have had.
    if (m_info->ended() || m_info->release.state == domain::ReleaseState::RollingBack) return {};
    const base::WallTime now = m_hub.times().now();
    const bool over = *stage.soakUntil <= now;
    const QString left = over ? QString() : models::TimeText::duration(*stage.soakUntil - now);
    if (stage.counts.kind == domain::StageKind::Batch)
        return over ? tr("interval over") : tr("next in %1").arg(left);
    return over ? tr("soak over") : tr("soak %1 left").arg(left);
}

std::optional<models::Figure> ReleasePresenter::budgetFigure(bool old) const {
    // Of the stage that is open; the last one where all are closed.
    const services::StageProgress* open = nullptr;
    for (const services::StageProgress& stage : m_info->stages) {
        if (!stage.counts.opened) continue;
        open = &stage;
        if (!stage.counts.closed) break;
    }
    if (open == nullptr) return std::nullopt;
    models::Figure out{tr("Error budget"),
                       grouped(open->bad()),
                       tr("used, %1 allowed", "error budget").arg(grouped(open->badLimit)),
                       {},
                       old};
    if (open->bad() > open->badLimit)
        out.kind = StatusKind::Fail;
    else if (open->bad() > 0)
        out.kind = StatusKind::Wait;
    return out;
}

QString ReleasePresenter::noteOf(const services::StageProgress& stage) const {
    using domain::ReleaseState;
    const models::TimeText& times = m_hub.times();
    const ReleaseState state = m_info->release.state;
    const bool goesBack = state == ReleaseState::RollingBack;
    if (!stage.counts.opened)
        return m_info->ended() || goesBack ? tr("not opened") : tr("not open yet");
    if (stage.counts.closed) return tr("closed %1").arg(times.at(stage.counts.closed));
    if (goesBack) return tr("going back");
    if (!m_info->ended()) return tr("open since %1").arg(times.at(stage.counts.opened));
    const QString ended = times.at(m_info->release.ended);
    return state == ReleaseState::RolledBack ? tr("rolled back %1").arg(ended)
                                             : tr("open until %1").arg(ended);
}

models::Lane ReleasePresenter::laneOf(const services::StageProgress& stage) const {
    models::Lane lane;
    lane.name = StatusWords::nameOf(stage.counts.kind, stage.counts.batch);
    lane.targeted = stage.counts.targeted;
    lane.size = tr("%1 machine(s)", "", models::pluralOf(stage.counts.targeted))
                    .arg(grouped(lane.targeted));
    // One more than the limit halts; half of a stage halts whatever its limit says: no tick for
    // that.
    const double trips = stage.badLimit + 1.0;
    if (trips * 2 < static_cast<double>(lane.targeted))
        lane.threshold = trips / static_cast<double>(lane.targeted);
    const auto add = [&lane](StatusKind kind, qint64 machines, const QString& word,
                             bool hatched = false) {
        if (machines > 0) lane.segments.append({kind, machines, hatched, word});
    };
    add(StatusKind::Ok, outcomes(stage, domain::Outcome::Ok), tr("ok"));
    add(StatusKind::Ok, outcomes(stage, domain::Outcome::Already), tr("already"), true);
    add(StatusKind::Run, stage.inFlight, tr("in flight"));
    add(StatusKind::Fail,
        outcomes(stage, domain::Outcome::Failed) + outcomes(stage, domain::Outcome::Reverted),
        tr("failed or reverted"));
    add(StatusKind::Silent, outcomes(stage, domain::Outcome::Silent), tr("silent"));
    lane.note = noteOf(stage);
    if (stage.counts.opened && stage.bad() > 0)
        lane.bad = tr("%1 bad, %2 is/are let through", "", models::pluralOf(stage.badLimit))
                       .arg(grouped(stage.bad()), grouped(stage.badLimit));
    lane.soak = soakOf(stage);
    return lane;
}

QList<models::Lane> ReleasePresenter::lanes() const {
    QList<models::Lane> out;
    if (!m_info) return out;
    for (const services::StageProgress& stage : m_info->stages)
        out << laneOf(stage);
    return out;
}

}  // namespace ifrit::gui::presenters
