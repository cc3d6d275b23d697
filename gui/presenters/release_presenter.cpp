// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/release_presenter.h"

#include <algorithm>
#include <string_view>

#include "gui/models/own_words.h"
#include "gui/presenters/release_notices.h"
#include "gui/presenters/spec_facts.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {
namespace {

using domain::ReleaseState;
using models::grouped;
using models::StatusKind;
using models::StatusWords;
using models::toText;

constexpr int kReloadAfterMs = 500;
constexpr int kLookAgainAfterMs = 1'000;

/// As the timeline calls what made it stand so; empty: it goes on, or is as it was meant to be.
std::string_view changeTo(ReleaseState state) {
    switch (state) {
        case ReleaseState::Paused:
            return "paused";
        case ReleaseState::Halted:
            return "halted";
        case ReleaseState::Aborted:
            return "aborted";
        case ReleaseState::RollingBack:
        case ReleaseState::RolledBack:
            return "rolling back";
        default:
            return {};
    }
}

}  // namespace

ReleasePresenter::ReleasePresenter(ConnectionHub& hub, const FleetFeed* fleet, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_stages(hub.times()),
      m_failures(hub.times()),
      m_machines(hub.times()),
      m_timeline(hub.times()),
      m_audit(hub.times()),
      m_failureWalk(hub, fleet == nullptr ? nullptr : &fleet->store(),
                    [this] {
                        m_failures.setRecords(m_failureWalk.groups());
                        Q_EMIT changed();
                    }),
      m_machineList([this] {
          m_machines.setRecords(m_machineList.items());
          Q_EMIT changed();
      }),
      m_timelineList([this] {
          m_timeline.setRecords(m_timelineList.items());
          Q_EMIT changed();
      }),
      m_auditList([this] {
          m_audit.setRecords(m_auditList.items());
          Q_EMIT changed();
      }) {
    m_reload.setSingleShot(true);
    m_reload.setInterval(kReloadAfterMs);
    connect(&m_reload, &QTimer::timeout, this, &ReleasePresenter::loadLists);
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        m_changes.clear();
        open({});
    });
    // Of a place that was gone to while a keychain was still asked.
    connect(&hub, &ConnectionHub::sessionOpened, this, &ReleasePresenter::refresh);
    connect(&hub, &ConnectionHub::resumed, this, &ReleasePresenter::resume);
    connect(&hub, &ConnectionHub::linkChanged, this, &ReleasePresenter::changed);
    connect(&hub, &ConnectionHub::identityChanged, this, &ReleasePresenter::changed);
    if (fleet == nullptr) return;
    m_othersMoved.setSingleShot(true);
    m_othersMoved.setInterval(kLookAgainAfterMs);
    connect(&m_othersMoved, &QTimer::timeout, this, &ReleasePresenter::lookAgain);
    connect(fleet, &FleetFeed::happened, this, [this](const services::ClusterEvent& event) {
        using Kind = services::ClusterEvent::Kind;
        const bool moved = event.kind == Kind::ReleaseChanged || event.kind == Kind::Reset;
        if (moved && m_info && m_info->ended() && !m_othersMoved.isActive()) m_othersMoved.start();
    });
    connect(
        fleet, &FleetFeed::storeChanged, this,
        [this, fleet](const models::FleetChange& change) { fleetChanged(change, fleet->store()); });
}

void ReleasePresenter::clear() {
    m_watch.cancel();
    m_planCall.cancel();
    m_lookAgain.cancel();
    m_othersMoved.stop();
    m_planning = false;
    m_reload.stop();
    m_info.reset();
    m_pace.clear();
    m_plan.reset();
    m_error = absl::OkStatus();
    m_failureWalk.clear();
    m_machineList.clear();
    m_timelineList.clear();
    m_auditList.clear();
    m_audit.setRecords({});
    m_stages.setRecords({});
    m_failures.setRecords({});
    m_machines.setRecords({});
    m_timeline.setRecords({});
}

void ReleasePresenter::open(const QString& releaseId) {
    if (releaseId == m_id) return;
    clear();
    m_id = releaseId;
    // What the master said was about another release.
    Q_EMIT acted({});
    if (!m_id.isEmpty() && m_hub.session()) {
        watch();
        loadLists();
    }
    Q_EMIT changed();
}

void ReleasePresenter::refresh() {
    if (m_id.isEmpty() || !m_hub.session()) return;
    m_error = absl::OkStatus();
    m_failureWalk.readAnyway();
    watch();
    loadLists();
}

// Of a watch that has ended no word comes any more, and a list that failed is not read again.
void ReleasePresenter::resume() {
    if (!m_error.ok()) {
        refresh();
        Q_EMIT changed();
        return;
    }
    const bool failed = !m_failureWalk.error().ok() || !m_machineList.error().ok() ||
                        !m_timelineList.error().ok() || !m_auditList.error().ok();
    if (failed) loadLists();
}

void ReleasePresenter::watch() {
    services::StreamObserver<services::ReleaseInfo> observer;
    observer.next = [this](const services::ReleaseInfo& info) { take(info); };
    observer.ended = [this](const absl::Status& status) {
        m_error = status;
        // The last word on machines and timeline comes after the last change.
        if (status.ok()) {
            m_failureWalk.readAnyway();
            loadLists();
        }
        Q_EMIT changed();
    };
    const std::uint64_t atLeast = m_info ? m_info->release.revision : 0;
    m_watch = m_hub.session()->releases().watch(m_id.toStdString(), atLeast, std::move(observer));
}

void ReleasePresenter::lookAgain() {
    if (!m_info || !m_info->ended() || !m_hub.session()) return;
    m_lookAgain = m_hub.session()->releases().get(
        m_info->release.id, [this](const absl::StatusOr<services::ReleaseInfo>& info) {
            if (!info.ok() || !m_info || info->release.revision < m_info->release.revision) return;
            if (!info->ended()) return watch();
            m_info = *info;
            Q_EMIT changed();
        });
}

void ReleasePresenter::take(const services::ReleaseInfo& info) {
    // A master that follows may know less than what the leader has answered.
    if (m_info && info.release.revision < m_info->release.revision) return;
    const bool first = !m_info;
    m_info = info;
    // The first word does not wait for others that may follow it: in an incident it is looked for.
    if (first) followFailures();
    if (first && !m_auditList.loaded() && !m_auditList.loading()) loadAudit();
    m_pace.take(info, m_hub.times().now());
    m_error = absl::OkStatus();
    m_stages.setRecords(info.stages);
    if (!m_reload.isActive()) m_reload.start();
    Q_EMIT changed();
}

void ReleasePresenter::followFailures() {
    if (m_info && !m_info->release.historyRemoval) m_failureWalk.follow(*m_info);
}

void ReleasePresenter::fleetChanged(const models::FleetChange& change,
                                    const models::FleetStore& store) {
    if (!change.reset || !store.loaded() || m_failureWalk.hadFleet()) return;
    m_failureWalk.readAnyway();
    followFailures();
}

void ReleasePresenter::loadLists() {
    if (m_id.isEmpty() || !m_hub.session()) return;
    followFailures();
    m_machineList.reload([this](const services::PageRequest& page,
                                services::Reply<services::Page<services::ReleaseMachine>> reply) {
        return m_hub.session()->releases().machines({m_id.toStdString(), std::nullopt, page},
                                                    std::move(reply));
    });
    m_timelineList.reload([this](const services::PageRequest& page,
                                 services::Reply<services::Page<services::TimelineEntry>> reply) {
        return m_hub.session()->releases().timeline(m_id.toStdString(), page, std::move(reply));
    });
    loadAudit();
}

std::string ReleasePresenter::auditObject() const {
    if (m_info) return m_info->release.id;
    const bool isNumber =
        std::all_of(m_id.begin(), m_id.end(), [](QChar c) { return c.isDigit(); });
    return isNumber ? std::string() : m_id.toStdString();
}

void ReleasePresenter::loadAudit() {
    if (auditObject().empty()) return;
    m_auditList.reload([this](const services::PageRequest& page,
                              services::Reply<services::Page<services::AuditRow>> reply) {
        services::AuditQuery query;
        query.object = auditObject();
        query.page = page;
        return m_hub.session()->audit().list(query, std::move(reply));
    });
}

QList<QPair<QString, QString>> ReleasePresenter::specFacts() const {
    return m_info ? SpecFacts::of(*m_info) : QList<QPair<QString, QString>>{};
}

QString ReleasePresenter::title() const {
    if (!m_info) return tr("Release");
    return toText(m_info->release.spec.agent) + QLatin1Char(' ') + models::versionsOf(*m_info);
}

QString ReleasePresenter::factsLine() const {
    if (!m_info) return {};
    const domain::Release& release = m_info->release;
    QStringList parts = {tr("release %1").arg(release.number),
                         models::joined(release.spec.machineTypes),
                         tr("by %1, %2")
                             .arg(toText(release.createdBy),
                                  m_hub.times().at(release.started.value_or(release.created)))};
    if (release.approval) {
        parts << tr("approved by %1, %2")
                     .arg(toText(release.approval->by), m_hub.times().at(release.approval->at));
    } else if (m_info->approvalRequired && !release.started && release.endedApproval) {
        parts
            << tr("needs another approval, %1's has ended").arg(toText(release.endedApproval->by));
    } else if (m_info->approvalRequired && !release.started) {
        parts << tr("needs an approval");
    }
    if (m_info->opens) parts << tr("changes from %1").arg(m_hub.times().at(*m_info->opens));
    if (!release.reason.empty()) parts << QStringLiteral("“%1”").arg(toText(release.reason));
    if (release.ended) parts << tr("ended %1").arg(m_hub.times().at(*release.ended));
    return parts.join(QStringLiteral(" · "));
}

const services::TimelineEntry* ReleasePresenter::change() const {
    const domain::Release& release = m_info->release;
    const std::string_view what = changeTo(release.state);
    // That all are back is the master's to say; what made them go back was somebody's.
    const bool isBack = release.state == ReleaseState::RolledBack;
    const auto& entries = m_timelineList.items();
    const auto found = std::find_if(entries.rbegin(), entries.rend(), [&](const auto& entry) {
        return entry.what == what &&
               (isBack || (release.lastChange && entry.at == release.lastChange->at));
    });
    return found == entries.rend() ? nullptr : &*found;
}

QString ReleasePresenter::waitLine() const {
    if (!m_info) return {};
    const domain::Release& release = m_info->release;
    QStringList parts = {release.haltReason.empty()
                             ? models::OwnWords::ofProgress(toText(m_info->waitsFor))
                             : models::OwnWords::ofHalt(toText(release.haltReason))};
    const bool isHalted = release.state == ReleaseState::Halted;
    const services::TimelineEntry* told = change();
    QString why =
        told == nullptr || isHalted
            ? QString()
            : models::OwnWords::ofReason(models::OwnWords::ofTimeline(toText(told->message)));
    std::optional<domain::ReleaseChange> last;
    if (told != nullptr) {
        last = domain::ReleaseChange{0, told->what, told->actor, told->at};
    } else if (!changeTo(release.state).empty() && release.state != ReleaseState::RolledBack) {
        last = release.lastChange;
    }
    if (last && !last->by.empty()) {
        parts << tr("by %1 since %2").arg(toText(last->by), m_hub.times().at(last->at));
        if (!why.isEmpty()) parts << QStringLiteral("“%1”").arg(why);
    } else if (last && (isHalted || release.state == ReleaseState::Aborted)) {
        parts << why << tr("since %1").arg(m_hub.times().at(last->at));
    }
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

models::StatusLook ReleasePresenter::look() const {
    if (!m_info) return {};
    const domain::Release& release = m_info->release;
    if (release.state != ReleaseState::Running) return StatusWords::of(release);
    return {StatusKind::Run, StatusWords::nameOf(release.stage, m_info->batch)};
}

ReleasePresenter::EmptyLines ReleasePresenter::emptyLines() const {
    const auto lineOf = [](const auto& list, const QString& nothing) {
        if (!list.error().ok()) return sentenceOf(list.error());
        return list.loaded() ? nothing : tr("Loading.");
    };
    const QString gone = m_info ? ReleaseNoticeWords::historyOf(*m_info) : QString();
    const QString none = tr("No machine of this release has failed.");
    const auto machinesOf = [&gone](const QString& line) { return gone.isEmpty() ? line : gone; };
    return {failures() == 0 && !gone.isEmpty() ? none : machinesOf(lineOf(m_failureWalk, none)),
            machinesOf(lineOf(m_machineList, tr("No machine is part of it yet."))),
            lineOf(m_timelineList, tr("Nothing has happened yet.")),
            lineOf(m_auditList, tr("Nobody has acted on it yet."))};
}

QString ReleasePresenter::failuresNote() const {
    if (m_failures.rowCount() == 0) return {};
    if (!m_failureWalk.error().ok()) return sentenceOf(m_failureWalk.error());
    if (!m_failureWalk.isCut()) return {};
    return tr("Reasons of the first %1 of %2.")
        .arg(grouped(static_cast<qint64>(m_failureWalk.read())),
             grouped(static_cast<qint64>(failures())));
}

models::ViewNotice ReleasePresenter::notice() const {
    ViewFacts facts;
    facts.loaded = m_info.has_value();
    facts.error = m_error;
    facts.total = facts.shown = 1;
    return judgeView(m_hub, facts);
}

}  // namespace ifrit::gui::presenters
