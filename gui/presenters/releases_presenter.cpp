// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/releases_presenter.h"

#include <algorithm>
#include <optional>

#include "gui/presenters/filter_count.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {
namespace {

using domain::ReleaseState;
using models::grouped;
using models::StatusKind;

constexpr int kReloadAfterMs = 300;

}  // namespace

ReleasesPresenter::ReleasesPresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_feed(feed),
      m_model(hub.times()),
      m_list([this] {
          m_model.setRecords(m_list.items());
          readUnended();
          Q_EMIT changed();
      }),
      m_unended([this] { Q_EMIT changed(); }),
      m_discard(hub) {
    m_unended.readWhole(true);
    m_reload.setSingleShot(true);
    connect(&m_reload, &QTimer::timeout, this, &ReleasesPresenter::refresh);
    connect(&hub, &ConnectionHub::linkChanged, this, [this] {
        if (m_hub.isConnected() && !m_list.loaded() && !m_list.loading()) refresh();
        Q_EMIT changed();
    });
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        if (!m_list.error().ok()) refresh();
    });
    connect(&hub, &ConnectionHub::identityChanged, this, &ReleasesPresenter::changed);
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        m_list.clear();
        m_unended.clear();
        m_model.setRecords({});
        Q_EMIT changed();
    });
    connect(&m_discard, &DraftDiscard::changed, this, [this] {
        refresh();
        Q_EMIT changed();
    });
    connect(&feed, &FleetFeed::clusterChanged, this, &ReleasesPresenter::changed);
    connect(&feed, &FleetFeed::happened, this, [this](const services::ClusterEvent& event) {
        using Kind = services::ClusterEvent::Kind;
        // A timer that runs already is left alone: constant change must not starve the list.
        const bool mine = event.kind == Kind::ReleaseChanged || event.kind == Kind::Reset;
        if (mine && !m_reload.isActive()) m_reload.start(m_list.pauseMs(kReloadAfterMs));
    });
}

void ReleasesPresenter::refresh() {
    if (!m_hub.session()) return;
    m_list.reload([this](const services::PageRequest& page,
                         services::Reply<services::Page<services::ReleaseInfo>> reply) {
        return m_hub.session()->releases().list({{}, false, page}, std::move(reply));
    });
}

void ReleasesPresenter::readUnended() {
    if (!hasMore()) {
        m_unended.clear();
        return;
    }
    if (m_list.loading()) return;  // it is being read on
    m_unended.reload([this](const services::PageRequest& page,
                            services::Reply<services::Page<services::ReleaseInfo>> reply) {
        return m_hub.session()->releases().list({{}, true, page}, std::move(reply));
    });
}

const std::vector<services::ReleaseInfo>* ReleasesPresenter::unended() const {
    if (!hasMore()) return &m_list.items();
    const bool isWhole = m_unended.loaded() && m_unended.error().ok() && !m_unended.hasMore();
    return isWhole ? &m_unended.items() : nullptr;
}

void ReleasesPresenter::setFilter(const QString& text) {
    m_filter = text;
    m_model.setFilter(text);
    m_list.readWhole(!text.isEmpty());
    Q_EMIT changed();
}

QString ReleasesPresenter::emptyLine() const {
    if (m_filter.isEmpty() || m_model.rowCount() > 0) return {};
    return hasMore() ? tr("None of the releases that were read so far matches the filter.")
                     : tr("No release matches the filter.");
}

Action ReleasesPresenter::createAction() const {
    return {m_hub.whyNot("release.create")};
}

const services::ReleaseInfo* ReleasesPresenter::find(const QString& releaseId) const {
    return m_model.at(m_model.rowOfKey(releaseId));
}

int ReleasesPresenter::attention() const {
    const auto& items = unended() != nullptr ? *unended() : m_list.items();
    return static_cast<int>(std::count_if(items.begin(), items.end(), [](const auto& info) {
        return info.release.state == ReleaseState::Halted || info.waitsForPerson();
    }));
}

QList<models::Figure> ReleasesPresenter::figures() const {
    const bool old = models::isOld(notice().state);
    const auto figure = [&](const QString& label, ReleaseState state, StatusKind kind,
                            std::optional<ReleaseState> other = std::nullopt) {
        const bool ends = state == ReleaseState::Draft || state == ReleaseState::Done ||
                          state == ReleaseState::Aborted;
        const bool isWhole = ends ? !hasMore() : unended() != nullptr;
        const auto& items = isWhole && !ends ? *unended() : m_list.items();
        const auto value = std::count_if(items.begin(), items.end(), [&](const auto& info) {
            return info.release.state == state || info.release.state == other;
        });
        models::Figure out{label, grouped(value), {}, {}, old};
        if (!isWhole) out.unit = tr("of %1 read").arg(grouped(static_cast<qint64>(items.size())));
        if (value > 0) out.kind = kind;
        return out;
    };
    models::Figure undone = figure(tr("Aborted or rolled back"), ReleaseState::Aborted,
                                   StatusKind::None, ReleaseState::RolledBack);
    const auto discarded =
        std::count_if(m_list.items().begin(), m_list.items().end(), [](const auto& info) {
            return info.release.state == ReleaseState::Aborted && !info.release.started;
        });
    if (undone.unit.isEmpty() && discarded > 0)
        undone.unit = tr("%1 discarded", "drafts").arg(grouped(discarded));
    return {figure(tr("Running"), ReleaseState::Running, StatusKind::Run),
            figure(tr("Halted"), ReleaseState::Halted, StatusKind::Fail),
            figure(tr("Paused"), ReleaseState::Paused, StatusKind::Wait),
            figure(tr("Rolling back"), ReleaseState::RollingBack, StatusKind::Wait),
            figure(tr("Drafts"), ReleaseState::Draft, StatusKind::None),
            figure(tr("Done"), ReleaseState::Done, StatusKind::Ok),
            undone};
}

QString ReleasesPresenter::countLine() const {
    if (!m_list.loaded()) return {};
    const int releases = static_cast<int>(m_list.items().size());
    if (!m_filter.isEmpty()) return countText(m_model.rowCount(), releases, hasMore());
    if (releases == 0 && !hasMore()) return {};  // the page says it in a sentence
    return tr("%1 release(s), newest first", "", releases).arg(grouped(releases)) +
           (hasMore() ? tr(" · more to load") : QString());
}

models::ViewNotice ReleasesPresenter::notice() const {
    ViewFacts facts;
    facts.loaded = m_list.loaded();
    facts.error = m_list.error();
    facts.total = static_cast<qint64>(m_list.items().size());
    // What is not read yet may match.
    facts.shown = hasMore() ? facts.total : m_model.rowCount();
    facts.empty = tr("No release yet. A release moves one agent to one version, step by step.");
    if (createAction().enabled()) facts.firstAction = tr("New release…");
    return judgeView(m_hub, facts);
}

}  // namespace ifrit::gui::presenters
