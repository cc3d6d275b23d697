// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <optional>
#include <vector>

#include "gui/models/chart_parts.h"
#include "gui/presenters/connection_hub.h"
#include "shared/domain/cost_rule.h"

namespace ifrit::gui::presenters {

/// The machines of a release that converged, as charts: what the agent costs before and after, and
/// when machines converged beside the plan. Reads at most 20,000 machines, in the order of their
/// uuids, which is by chance; says so where there are more. GUI thread.
class ReleaseCharts : public QObject {
    Q_OBJECT
public:
    explicit ReleaseCharts(ConnectionHub& hub, QObject* parent = nullptr);

    void setRelease(const std::optional<services::ReleaseInfo>& info);
    /// Nothing is asked while nobody looks.
    void setShown(bool shown);

    models::ChartContent memory() const;
    models::ChartContent processor() const;
    models::ChartContent convergence() const;

Q_SIGNALS:
    void changed();

private:
    struct Sampled {
        domain::StageKind stage = domain::StageKind::Full;
        std::uint32_t batch = 0;
        bool runsIt = false;  ///< the release's version
        double cpuBefore = 0;
        double cpuAfter = 0;
        double rssBefore = 0;
        double rssAfter = 0;
    };
    void ask();
    void askPage(const std::string& token);
    void take(const services::Page<services::ReleaseMachine>& page);
    void forget();
    std::uint64_t converged() const;
    QString whyNoCost() const;
    /// "1 702 of 2 431 machines measured", where not all are.
    QString sampleNote() const;
    /// What the gate's rule says of what was measured, which is what the master does where it is
    /// all of it.
    QString verdict(models::ChartUnit unit) const;
    /// Of each stage, as far as it was measured.
    std::vector<domain::StageCosts> stageCosts() const;
    models::ChartContent cost(double Sampled::*before, double Sampled::*after,
                              models::ChartUnit unit) const;
    QList<QPointF> plan() const;

    ConnectionHub& m_hub;
    std::optional<services::ReleaseInfo> m_info;
    bool m_shown = false;
    bool m_asked = false;          ///< once for this release
    bool m_asking = false;         ///< an answer is on its way
    std::uint64_t m_askedFor = 0;  ///< converged when it was asked
    services::CallHandle m_call;
    absl::Status m_error;
    // Of the walk that runs, and of the last whole one.
    std::vector<Sampled> m_nextSamples;
    std::vector<double> m_nextTimes;
    std::vector<Sampled> m_samples;
    std::vector<double> m_times;
    bool m_loaded = false;
    bool m_all = false;  ///< no machine was left out
    QTimer m_again;
};

}  // namespace ifrit::gui::presenters
