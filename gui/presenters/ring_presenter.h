// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

#include "gui/models/ring_batch_model.h"
#include "gui/models/worker.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/ring_states.h"
#include "shared/domain/ring_place.h"

namespace ifrit::gui::presenters {

/// The cluster's hash ring: its virtual nodes, how far a release is with each batch, failing
/// machines, where a uuid falls and why. A large ring is made by the worker. GUI thread.
class RingPresenter : public QObject {
    Q_OBJECT
public:
    /// An answer to "where does this uuid fall?".
    struct Answer {
        QString uuid;
        std::optional<domain::RingPlace> place;  ///< unset: `sentence` says what is wrong
        QString sentence;
    };

    RingPresenter(ConnectionHub& hub, FleetFeed& feed, models::Worker& worker,
                  QObject* parent = nullptr);

    /// The release whose batches are shown; nullopt: the ring is that of the fleet alone.
    void setRelease(const std::optional<services::ReleaseInfo>& info);
    /// Nothing is counted while nobody looks.
    void setShown(bool shown);
    /// Says everything again: the language is another one.
    void retell();

    /// Null: there is nothing to draw, see whyNot().
    std::shared_ptr<const models::RingContent> content() const { return m_content; }
    QString whyNot() const;
    /// A release without batch stages has no use for a ring.
    bool isWanted() const { return !m_release || RingStates::goesByBatches(*m_release); }
    /// "8 × 2 048 nodes": batches, and virtual nodes of each.
    QString factsLine() const;
    models::RingBatchModel& batchModel() { return m_batches; }

    /// Empty: no question.
    void ask(const QString& uuid);
    const std::optional<Answer>& answer() const { return m_answer; }
    /// For the machines view.
    static QString filterOf(std::uint32_t batch) { return QStringLiteral("batch:%1").arg(batch); }

Q_SIGNALS:
    void changed();

private:
    struct Ring {
        explicit Ring(const domain::RingSpec& spec)
            : ring(spec),
              nodes(std::make_shared<const std::vector<domain::HashRing::Node>>(ring.nodes())),
              shares(domain::sharesOf(*nodes, ring.spec().batches)) {}
        domain::HashRing ring;
        std::shared_ptr<const std::vector<domain::HashRing::Node>> nodes;
        std::vector<double> shares;
    };
    std::optional<domain::RingSpec> wantedSpec() const;
    void followCluster();
    void take(std::shared_ptr<const Ring> ring);
    void recount();
    std::vector<models::RingDot> dotsOf(const std::vector<std::uint32_t>& rows) const;
    QString sentenceOf(const QString& uuid, const domain::RingPlace& place) const;

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    models::Worker& m_worker;
    models::RingBatchModel m_batches;
    std::optional<domain::RingSpec> m_spec;  ///< of m_ring, or of the one that is being made
    std::shared_ptr<const Ring> m_ring;
    std::uint64_t m_request = 0;
    std::optional<services::ReleaseInfo> m_release;
    std::shared_ptr<const models::RingContent> m_content;
    std::optional<Answer> m_answer;
    QTimer m_count;
    bool m_shown = false;
};

}  // namespace ifrit::gui::presenters
