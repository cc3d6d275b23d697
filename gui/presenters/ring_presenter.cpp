// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/ring_presenter.h"

#include <algorithm>

#include "gui/models/text_format.h"
#include "shared/domain/names.h"

namespace ifrit::gui::presenters {
namespace {

using models::grouped;
using models::toText;

/// Up to here a ring is made within a frame.
constexpr std::uint64_t kMakeAtOnce = 20'000;
/// 40 MB; the largest ring that is made by itself has 164 thousand.
constexpr std::uint64_t kMostNodes = 2'000'000;
/// Counting walks over every machine.
constexpr int kCountEveryMs = 500;

QString hex(std::uint64_t point) {
    return QStringLiteral("0x%1").arg(point, 16, 16, QLatin1Char('0'));
}

}  // namespace

RingPresenter::RingPresenter(ConnectionHub& hub, FleetFeed& feed, models::Worker& worker,
                             QObject* parent)
    : QObject(parent), m_hub(hub), m_feed(feed), m_worker(worker) {
    m_count.setSingleShot(true);
    m_count.setInterval(kCountEveryMs);
    connect(&m_count, &QTimer::timeout, this, &RingPresenter::recount);
    connect(&feed, &FleetFeed::clusterChanged, this, &RingPresenter::followCluster);
    connect(&feed, &FleetFeed::figuresChanged, this, [this] {
        if (m_shown && !m_count.isActive()) m_count.start();
    });
    connect(&hub, &ConnectionHub::linkChanged, this, &RingPresenter::recount);
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        ++m_request;
        m_spec.reset();
        m_ring.reset();
        m_answer.reset();
        recount();
    });
}

std::optional<domain::RingSpec> RingPresenter::wantedSpec() const {
    const auto& cluster = m_feed.cluster();
    if (!cluster || cluster->ringBatches == 0 || cluster->ringVirtualNodes == 0) return {};
    return domain::RingSpec{cluster->ringBatches, cluster->ringVirtualNodes, cluster->ringSeed};
}

void RingPresenter::followCluster() {
    const auto wanted = wantedSpec();
    if (wanted == m_spec) return;
    m_spec = wanted;
    m_ring.reset();
    const std::uint64_t request = ++m_request;
    const std::uint64_t nodes = wanted ? std::uint64_t{wanted->batches} * wanted->virtualNodes : 0;
    if (nodes == 0 || nodes > kMostNodes) {
        recount();
    } else if (nodes <= kMakeAtOnce) {
        take(std::make_shared<const Ring>(*wanted));
    } else {
        auto made = std::make_shared<std::shared_ptr<const Ring>>();
        m_worker.run(
            this, [made, spec = *wanted] { *made = std::make_shared<const Ring>(spec); },
            [this, made, request] {
                if (request == m_request) take(*made);
            });
    }
}

void RingPresenter::take(std::shared_ptr<const Ring> ring) {
    m_ring = std::move(ring);
    if (m_answer) ask(m_answer->uuid);
    recount();
}

void RingPresenter::setRelease(const std::optional<services::ReleaseInfo>& info) {
    const bool other = info.has_value() != m_release.has_value() ||
                       (info && info->release.id != m_release->release.id);
    m_release = info;
    // A release tells of itself many times a second; another one is shown at once.
    if (other) {
        recount();
    } else if (m_shown && !m_count.isActive()) {
        m_count.start();
    }
}

void RingPresenter::setShown(bool shown) {
    if (shown == m_shown) return;
    m_shown = shown;
    if (shown) recount();
}

void RingPresenter::retell() {
    recount();
    if (m_answer) ask(m_answer->uuid);
}

void RingPresenter::recount() {
    if (!m_ring || !isWanted()) {
        m_content.reset();
        m_batches.setRecords({});
        Q_EMIT changed();
        return;
    }
    const std::uint32_t batches = m_ring->ring.spec().batches;
    auto content = std::make_shared<models::RingContent>();
    content->nodes = m_ring->nodes;
    content->old = !m_hub.isConnected();
    const RingCount count =
        RingStates::count(m_feed.store().columns(), batches,
                          m_release ? m_release->release.spec.agent : std::string());
    content->batches = m_release ? RingStates::ofRelease(*m_release, batches)
                                 : RingStates::ofFleet(count, batches);
    for (models::RingBatch& batch : content->batches) {
        const std::size_t i = batch.batch - 1;
        batch.share = m_ring->shares[i];
        batch.nodes = m_ring->ring.spec().virtualNodes;
        batch.machines = count.machines[i];
        batch.failing = count.failing[i];
    }
    content->dots = dotsOf(count.failures);
    if (m_release) {
        RingStates::tellOpen(*m_release, *content);
    } else {
        content->byBatch = true;
        content->figure = grouped(batches);
        content->note = tr("batches", "below their number");
    }
    m_batches.setRecords(content->batches);
    // The same again is not drawn again.
    if (!m_content || *m_content != *content) m_content = std::move(content);
    Q_EMIT changed();
}

std::vector<models::RingDot> RingPresenter::dotsOf(const std::vector<std::uint32_t>& rows) const {
    const models::FleetColumns& columns = m_feed.store().columns();
    std::vector<models::RingDot> out;
    out.reserve(rows.size());
    for (const std::uint32_t row : rows) {
        const std::string uuid(columns.uuid[row]);
        models::StatusLook look =
            models::StatusWords::ofMachine(columns.state[row], columns.offline[row] != 0);
        out.push_back({m_ring->ring.pointOf(uuid), columns.batch[row], std::move(look), uuid});
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a.point < b.point; });
    return out;
}

QString RingPresenter::whyNot() const {
    if (m_content) return {};
    if (!m_feed.cluster()) return tr("The cluster has not answered yet.");
    const auto wanted = wantedSpec();
    if (!wanted) return tr("This master is too old to tell its hash ring.");
    const std::uint64_t nodes = std::uint64_t{wanted->batches} * wanted->virtualNodes;
    if (nodes > kMostNodes) {
        return tr("This ring has %1 virtual nodes, too many to draw: "
                  "\"ifritctl ring show\" lists its batches.")
            .arg(grouped(static_cast<qint64>(nodes)));
    }
    if (!isWanted()) return tr("This release does not go by batches.");
    return tr("The ring is being made.");
}

QString RingPresenter::factsLine() const {
    if (!m_ring) return {};
    const domain::RingSpec& spec = m_ring->ring.spec();
    return tr("%1 × %2 nodes").arg(grouped(spec.batches), grouped(spec.virtualNodes));
}

void RingPresenter::ask(const QString& text) {
    const QString uuid = text.trimmed();
    if (uuid.isEmpty() || !m_ring) {
        m_answer.reset();
    } else if (!domain::checkMachineUuid(uuid.toStdString()).ok()) {
        m_answer = {uuid, {}, tr("No uuid: letters, digits and . _ : - only, 128 at most.")};
    } else {
        const domain::RingPlace place =
            domain::placeOf(m_ring->ring, *m_ring->nodes, uuid.toStdString());
        m_answer = {uuid, place, sentenceOf(uuid, place)};
    }
    Q_EMIT changed();
}

QString RingPresenter::sentenceOf(const QString& uuid, const domain::RingPlace& place) const {
    QString out = tr("falls on %1; the next virtual node is %2, of batch %3")
                      .arg(hex(place.point), hex(place.node))
                      .arg(place.batch);
    const auto row = m_feed.store().rowOf(uuid.toStdString());
    if (!row) return out + QStringLiteral("\n") + tr("no machine of this cluster");
    const std::uint32_t told = m_feed.store().columns().batch[*row];
    if (told != place.batch && told != 0)
        out += QStringLiteral("\n") + tr("its master still says batch %1").arg(told);
    return out;
}

}  // namespace ifrit::gui::presenters
