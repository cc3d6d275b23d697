// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/release_charts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "gui/models/chart_math.h"
#include "gui/models/status_words.h"
#include "gui/models/text_format.h"
#include "gui/presenters/release_notices.h"

namespace ifrit::gui::presenters {
namespace {

using domain::Outcome;
using models::ChartContent;
using models::ChartUnit;
using models::grouped;

constexpr std::size_t kMostMachines = 20'000;
constexpr std::uint32_t kPage = 5'000;
constexpr int kAgainMs = 5'000;
constexpr int kDensityPoints = 200;

QString say(ChartUnit unit, double value) {
    return unit == ChartUnit::Bytes ? models::bytes(static_cast<std::uint64_t>(value))
                                    : models::coreShare(value);
}

constexpr QChar kMinus(0x2212);

QString limitsText(const domain::CostLimits& limits, ChartUnit unit) {
    return ReleaseCharts::tr("+%1 % and +%2")
        .arg(limits.percent)
        .arg(unit == ChartUnit::Bytes
                 ? models::bytes(limits.rssBytes)
                 : ReleaseCharts::tr("%1 % of a core").arg(limits.cpuPoints, 0, 'f', 1));
}

double msOf(base::WallTime time) {
    return static_cast<double>(base::toUnixMillis(time));
}

}  // namespace

ReleaseCharts::ReleaseCharts(ConnectionHub& hub, QObject* parent) : QObject(parent), m_hub(hub) {
    m_again.setSingleShot(true);
    m_again.setInterval(kAgainMs);
    connect(&m_again, &QTimer::timeout, this, &ReleaseCharts::ask);
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] { setRelease(std::nullopt); });
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        if (!m_error.ok()) ask();
    });
}

void ReleaseCharts::forget() {
    m_call.cancel();
    m_again.stop();
    m_asked = m_asking = m_loaded = m_all = false;
    m_askedFor = 0;
    m_error = absl::OkStatus();
    m_samples.clear();
    m_times.clear();
}

void ReleaseCharts::setRelease(const std::optional<services::ReleaseInfo>& info) {
    const bool other =
        info.has_value() != m_info.has_value() || (info && info->release.id != m_info->release.id);
    if (other) forget();
    m_info = info;
    if (m_shown && !m_asked) ask();
    // More came in since: read again, but not with each of them.
    if (m_shown && m_info && converged() != m_askedFor && !m_again.isActive()) m_again.start();
    Q_EMIT changed();
}

void ReleaseCharts::setShown(bool shown) {
    m_shown = shown;
    if (shown && (!m_asked || converged() != m_askedFor)) ask();
}

std::uint64_t ReleaseCharts::converged() const {
    return m_info ? m_info->count(Outcome::Ok) : 0;
}

void ReleaseCharts::ask() {
    // One that runs is waited for: with a slow master there would never be an answer else.
    if (!m_info || !m_shown || m_hub.session() == nullptr || m_asking) return;
    if (m_info->release.historyRemoval) return;
    m_asked = true;
    m_askedFor = converged();
    m_nextSamples.clear();
    m_nextTimes.clear();
    askPage({});
}

void ReleaseCharts::askPage(const std::string& token) {
    m_asking = true;
    m_call = m_hub.session()->releases().machines(
        {m_info->release.id, Outcome::Ok, {token, kPage}},
        [this](const absl::StatusOr<services::Page<services::ReleaseMachine>>& page) {
            m_asking = false;
            m_error = page.status();
            if (page.ok()) take(*page);
            if (!m_asking && converged() != m_askedFor && !m_again.isActive()) m_again.start();
            Q_EMIT changed();
        });
}

void ReleaseCharts::take(const services::Page<services::ReleaseMachine>& page) {
    for (const services::ReleaseMachine& machine : page.items) {
        if (machine.since) m_nextTimes.push_back(msOf(*machine.since));
        if (!machine.before || !machine.sample || machine.sample->rssBytes == 0) continue;
        m_nextSamples.push_back({machine.stage, machine.batch,
                                 machine.runningVersion == m_info->release.spec.version,
                                 machine.before->cpuPercent, machine.sample->cpuPercent,
                                 static_cast<double>(machine.before->rssBytes),
                                 static_cast<double>(machine.sample->rssBytes)});
    }
    if (!page.nextToken.empty() && m_nextTimes.size() < kMostMachines) {
        askPage(page.nextToken);
        return;
    }
    m_samples.swap(m_nextSamples);
    m_times.swap(m_nextTimes);
    m_loaded = true;
    m_all = page.nextToken.empty();
}

QString ReleaseCharts::whyNoCost() const {
    if (!m_info) return tr("No release is chosen.");
    if (m_info->release.historyRemoval) return ReleaseNoticeWords::historyOf(*m_info);
    if (!m_loaded && !m_error.ok()) return sentenceOf(m_error);
    if (!m_loaded) return tr("Loading.");
    if (m_samples.size() >= domain::kLeastCostSample) return {};
    return tr("Too few samples: %1 of at least %2 machines reported what the agent costs before "
              "and after.")
        .arg(m_samples.size())
        .arg(domain::kLeastCostSample);
}

QString ReleaseCharts::sampleNote() const {
    if (m_all && m_samples.size() == m_times.size()) {
        return tr("%1 machine(s)", "", models::pluralOf(m_samples.size()))
            .arg(grouped(static_cast<qint64>(m_samples.size())));
    }
    return tr("%1 of %2 converged machines measured")
        .arg(grouped(static_cast<qint64>(m_samples.size())),
             grouped(static_cast<qint64>(std::max<std::uint64_t>(converged(), m_times.size()))));
}

std::vector<domain::StageCosts> ReleaseCharts::stageCosts() const {
    std::map<std::pair<domain::StageKind, std::uint32_t>, domain::CostSamples> byStage;
    for (const Sampled& sample : m_samples) {
        if (!sample.runsIt) continue;
        byStage[{sample.stage, sample.batch}].add(sample.rssBefore, sample.rssAfter,
                                                  sample.cpuBefore, sample.cpuAfter);
    }
    std::vector<domain::StageCosts> out;
    for (const services::StageProgress& stage : m_info->stages) {
        domain::StageCosts costs{stage.counts.kind, stage.costAccepted, {}};
        if (stage.counts.opened)
            costs.samples = std::move(byStage[{stage.counts.kind, stage.counts.batch}]);
        out.push_back(std::move(costs));
    }
    return out;
}

QString ReleaseCharts::verdict(ChartUnit unit) const {
    using Kind = domain::CostVerdict::Kind;
    const std::vector<services::StageProgress>& stages = m_info->stages;
    const auto groups = domain::costGroups(m_info->release.spec.gates, stageCosts());
    const domain::CostVerdict said = domain::costVerdict(
        groups, unit == ChartUnit::Bytes ? domain::CostMeasure::Memory : domain::CostMeasure::Cpu);
    const domain::CostLimits& usual = m_info->release.spec.gates.cost;
    const auto tooFew = [unit](const domain::CostLimits& limits) {
        return tr("too few for the gate at %1, which judges %2")
            .arg(limitsText(limits, unit))
            .arg(domain::leastSampleOf(limits));
    };
    if (groups.empty() && usual.enabled) return tooFew(usual);
    if (said.kind == Kind::Off) return tr("no cost gate");
    if (!said.group) return tr("passes the gates of its stages");
    const domain::CostGroup& group = groups[*said.group];
    const QString gate = limitsText(group.limits, unit);
    const QString where = group.stage
                              ? models::StatusWords::nameOf(stages[*group.stage].counts.kind,
                                                            stages[*group.stage].counts.batch)
                              : tr("All open stages");
    switch (said.kind) {
        case Kind::TooFew:
            return tooFew(group.limits);
        case Kind::Halts:
            // Nothing is judged any more of what has ended.
            return m_info->ended() ? tr("%1: above the gate at %2").arg(where, gate)
                                   : tr("%1: above the gate at %2, halts").arg(where, gate);
        case Kind::Accepted:
            return tr("%1: above the gate at %2, accepted by an operator").arg(where, gate);
        default:
            return tr("passes the gate at %1").arg(gate);
    }
}

ChartContent ReleaseCharts::cost(double Sampled::*before, double Sampled::*after,
                                 ChartUnit unit) const {
    ChartContent out;
    out.x = unit;
    out.y = ChartUnit::Share;
    out.whyEmpty = whyNoCost();
    if (!out.whyEmpty.isEmpty()) return out;
    std::vector<double> old;
    std::vector<double> now;
    for (const Sampled& sample : m_samples) {
        old.push_back(sample.*before);
        now.push_back(sample.*after);
    }
    const auto [least, most] = std::minmax_element(old.begin(), old.end());
    const auto [leastNow, mostNow] = std::minmax_element(now.begin(), now.end());
    const double from = std::min(*least, *leastNow);
    const double to = std::max(*most, *mostNow);
    // To where both curves come down: how heavy a tail is, is what one looks for.
    const double tail = 3 * std::max(models::kernelWidthOf(old), models::kernelWidthOf(now));
    const double margin = std::max({tail, (to - from) * 0.15, to * 0.02, 0.1});
    const auto add = [&](const QString& name, const std::vector<double>& samples, bool dashed) {
        const auto words = [unit](double value) { return say(unit, value); };
        out.rows.push_back(models::rowOf(name, samples, words));
        out.series.append(
            {tr("%1, median %2").arg(name, out.rows.back().median),
             models::densityOf(samples, std::max(0.0, from - margin), to + margin, kDensityPoints),
             dashed ? 4 : 0, dashed});
    };
    add(tr("before"), old, true);
    add(tr("after"), now, false);
    std::sort(old.begin(), old.end());
    std::sort(now.begin(), now.end());
    const double was = models::quantileOf(old, 0.5);
    const double rise = was > 0 ? 100 * (models::quantileOf(now, 0.5) - was) / was : 0;
    const QString change = QString::asprintf("%+.0f", rise).replace(QLatin1Char('-'), kMinus);
    out.note = QStringList{tr("median %1 %").arg(change), verdict(unit), sampleNote()}.join(
        QStringLiteral(" · "));
    return out;
}

ChartContent ReleaseCharts::memory() const {
    ChartContent out = cost(&Sampled::rssBefore, &Sampled::rssAfter, ChartUnit::Bytes);
    out.title = tr("Memory of the agent");
    return out;
}

ChartContent ReleaseCharts::processor() const {
    ChartContent out = cost(&Sampled::cpuBefore, &Sampled::cpuAfter, ChartUnit::Percent);
    out.title = tr("Processor time of the agent");
    return out;
}

/// The earliest that soak and interval allow: each stage opens when the one before has had its
/// time.
QList<QPointF> ReleaseCharts::plan() const {
    QList<QPointF> out;
    const auto& started = m_info->release.started;
    if (!started) return out;
    const domain::ReleaseSpec& spec = m_info->release.spec;
    base::WallTime at = *started;
    double machines = 0;
    for (const services::StageProgress& stage : m_info->stages) {
        out.append({msOf(at), machines});
        machines += stage.counts.targeted;
        out.append({msOf(at), machines});
        at += stage.counts.kind == domain::StageKind::Batch ? spec.batches.interval : spec.soak;
    }
    return out;
}

ChartContent ReleaseCharts::convergence() const {
    ChartContent out;
    out.title = tr("Machines that converged");
    out.x = ChartUnit::Time;
    out.y = ChartUnit::Plain;
    if (!m_info) {
        out.whyEmpty = tr("No release is chosen.");
    } else if (!m_info->release.started) {
        out.whyEmpty = tr("The release has not been started.");
    } else if (m_info->release.historyRemoval) {
        out.whyEmpty = ReleaseNoticeWords::historyOf(*m_info);
    } else if (!m_loaded) {
        out.whyEmpty = m_error.ok() ? tr("Loading.") : sentenceOf(m_error);
    } else if (m_times.empty()) {
        out.whyEmpty = tr("No machine has converged yet.");
    }
    if (!out.whyEmpty.isEmpty()) return out;
    const double began = msOf(*m_info->release.started);
    const double now = msOf(m_info->release.ended.value_or(m_hub.times().now()));
    const auto total = static_cast<double>(converged());
    const double weight = std::max(1.0, total / static_cast<double>(m_times.size()));
    QList<QPointF> real =
        models::thin(models::risingCount(m_times, weight), models::kMostChartPoints - 2);
    real.prepend({std::min(began, real.first().x()), 0});
    real.append({std::max(now, real.last().x()), real.last().y()});
    QList<QPointF> planned = plan();
    if (!planned.isEmpty()) planned.append({std::max(now, planned.last().x()), planned.last().y()});
    out.series.append({tr("converged"), real, 0, false});
    out.series.append(
        {tr("the plan's earliest"), models::thin(planned, models::kMostChartPoints), 4, true});
    for (const models::ChartSeries& series : out.series) {
        std::vector<double> values;
        for (const QPointF& point : series.points)
            values.push_back(point.y());
        out.rows.push_back(models::rowOf(
            series.name, values, [](double value) { return grouped(std::llround(value)); }));
    }
    if (!m_all)
        out.note =
            tr("estimated from %1 machines").arg(grouped(static_cast<qint64>(m_times.size())));
    return out;
}

}  // namespace ifrit::gui::presenters
