// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <array>

#include "gui/models/status_words.h"
#include "gui/services/fleet.h"

namespace ifrit::gui::presenters {

/// What is said of a machine where many are counted, worst first. The one place that says which
/// state is which: the map, the cards of other clusters and the facets count by it.
enum class MachineBucket { Failed, Silent, Watching, InFlight, Healthy, Other, Count };

/// By the master's word alone: whoever misses its polls is silent there, whatever it said last.
MachineBucket bucketOf(domain::MachineState state);

/// Machines by bucket, of one cluster or of several.
class BucketCounts {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::BucketCounts)
public:
    BucketCounts() = default;
    /// As the master counted.
    explicit BucketCounts(const services::ClusterSummary& cluster);

    void add(MachineBucket bucket, qint64 machines = 1);
    void add(const BucketCounts& other);
    qint64 of(MachineBucket bucket) const;
    qint64 all() const;
    /// "99.1 %" of all; "–" where there is none. Of silent machines nothing is known: they are not
    /// said to be healthy.
    QString healthyShare() const;
    /// Of a cluster as a whole: its worst meaningful state.
    models::StatusLook look(bool frozen) const;

private:
    std::array<qint64, static_cast<std::size_t>(MachineBucket::Count)> m_machines{};
};

}  // namespace ifrit::gui::presenters
