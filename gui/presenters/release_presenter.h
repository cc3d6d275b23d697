// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gui/models/page_parts.h"
#include "gui/models/record_models.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/action.h"
#include "gui/presenters/connection_hub.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/paged_list.h"
#include "gui/presenters/release_failures.h"
#include "gui/presenters/release_pace.h"
#include "gui/presenters/row_source.h"

namespace ifrit::gui::presenters {

/// A verb that the master has done.
struct DoneVerb {
    domain::ReleaseVerb verb = domain::ReleaseVerb::Pause;
    domain::ReleaseState before = domain::ReleaseState::Draft;  ///< as it was when it was sent
    services::ReleaseInfo after;
};

/// One release as it goes: header, figures, lanes, verbs, machines, timeline. What an earlier
/// release still answers is dropped. GUI thread.
class ReleasePresenter : public QObject {
    Q_OBJECT
public:
    /// `fleet`: what machines that failed may share is known from there; null: it is not.
    explicit ReleasePresenter(ConnectionHub& hub, const FleetFeed* fleet = nullptr,
                              QObject* parent = nullptr);

    /// Empty: none.
    void open(const QString& releaseId);
    QString releaseId() const { return m_id; }
    const std::optional<services::ReleaseInfo>& info() const { return m_info; }

    QString title() const;
    QString factsLine() const;
    /// What the release waits for, or why it stands still or ended: by whom, since when, and the
    /// reason that was given.
    QString waitLine() const;
    models::StatusLook look() const;
    QList<models::Figure> figures() const;
    /// Figures and lanes change by the time alone: it has begun, is not over, and is seen.
    bool counts() const {
        return m_hub.isConnected() && m_info && m_info->release.started && !m_info->ended();
    }
    QList<models::Lane> lanes() const;

    models::StageModel& stageModel() { return m_stages; }
    models::FailureModel& failureModel() { return m_failures; }
    models::ReleaseMachineModel& machineModel() { return m_machines; }
    models::TimelineModel& timelineModel() { return m_timeline; }
    /// The audit's rows about this release, newest first; by pages.
    models::AuditModel& auditModel() { return m_audit; }
    /// What it was asked to do.
    QList<QPair<QString, QString>> specFacts() const;
    /// What stands in a list of the release that has no rows: that it is loaded, why it could not
    /// be, or that there is nothing.
    struct EmptyLines {
        QString failures;
        QString machines;
        QString timeline;
        QString audit;
    };
    EmptyLines emptyLines() const;
    /// Failed, reverted and silent machines, as the figures say.
    std::uint64_t failures() const { return m_info ? ReleaseFailures::count(*m_info) : 0; }
    /// What failureModel() does not tell: that it is of the first machines only, or not up to date.
    QString failuresNote() const;
    bool hasMoreMachines() const { return m_machineList.hasMore(); }
    void moreMachines() { m_machineList.more(); }
    bool hasMoreTimeline() const { return m_timelineList.hasMore(); }
    void moreTimeline() { m_timelineList.more(); }
    bool hasMoreAudit() const { return m_auditList.hasMore(); }
    void moreAudit() { m_auditList.more(); }
    /// Whole lists, which the tables show by pages.
    std::unique_ptr<RowSource> machineRows();
    std::unique_ptr<RowSource> timelineRows();
    std::unique_ptr<RowSource> auditRows();

    /// The verbs that the header shows, in their order.
    static std::vector<domain::ReleaseVerb> verbs();
    /// What its button says: to abort a draft is to discard it.
    QString nameOf(domain::ReleaseVerb verb) const;
    /// Verbs that this state and stage will never allow would only be noise; the others are shown,
    /// those that are refused now with why.
    bool isOffered(domain::ReleaseVerb verb) const;
    Action action(domain::ReleaseVerb verb) const;
    /// What the sheet of a verb says; also for those of class 1, which have none.
    models::DangerFacts facts(domain::ReleaseVerb verb) const;
    /// Finds what facts() of the verb says, then prepared(): Start and Approve ask for the plan. A
    /// start that would be refused is answered by acted() with why.
    void prepare(domain::ReleaseVerb verb);
    /// What is sent of facts(), as long as both were asked for at once: the count and the stage
    /// that the sheet shows, whatever the release becomes while it is open.
    services::ReleaseAct request(domain::ReleaseVerb verb) const;
    /// Why what request() said when it was shown is over by now, or would be refused; empty: not.
    QString whyNotAnyMore(const services::ReleaseAct& shown) const;
    /// Sends what request() said when it was shown; acted() tells why where it cannot any more.
    void act(const services::ReleaseAct& shown, const QString& reason);
    bool acting() const { return m_planning || m_changes.count(m_id.toStdString()) != 0; }
    models::CtlCommand command(domain::ReleaseVerb verb) const;

    models::ViewNotice notice() const;
    void refresh();

Q_SIGNALS:
    void changed();
    void prepared(ifrit::domain::ReleaseVerb verb);
    /// A verb was answered; empty text: it was done. Of a release that is not shown any more it
    /// begins with its number.
    void acted(const QString& sentence);
    /// Of whichever release, also of one that is not shown any more.
    void verbDone(const ifrit::gui::presenters::DoneVerb& verb);

private:
    bool isDraft() const;
    void watch();
    void resume();
    /// Of one that has ended, which nobody watches: another release may be in the way of a rollback
    /// by now, or be no more, or somebody rolls it back.
    void lookAgain();
    void take(const services::ReleaseInfo& info);
    void answered(const services::ReleaseAct& request, std::uint64_t number,
                  const absl::StatusOr<services::ReleaseInfo>& info);
    void loadLists();
    void loadAudit();
    /// How the audit names the release: by its id, where a link may know the number alone. Empty:
    /// not known yet.
    std::string auditObject() const;
    void followFailures();
    /// Reads them once more where the fleet was not known yet.
    void fleetChanged(const models::FleetChange& change, const models::FleetStore& store);
    void clear();
    QString soakOf(const services::StageProgress& stage) const;
    models::Lane laneOf(const services::StageProgress& stage) const;
    std::optional<models::Figure> budgetFigure(bool old) const;
    /// How fast it goes and when it ends; none before it is started.
    QList<models::Figure> paceFigures(bool old) const;
    /// Why a lane is as it is: since when it is open, or until when it was.
    QString noteOf(const services::StageProgress& stage) const;
    /// What the timeline says of the change after which it stands as it does.
    const services::TimelineEntry* change() const;
    /// What the machines of the opened stages ran when these opened; unset: not every one was read.
    std::optional<std::set<std::string>> ranBefore() const;
    domain::Reach reachOf(domain::ReleaseVerb verb) const;
    QString consequence(domain::ReleaseVerb verb) const;
    std::vector<const services::StageProgress*> stagesOf(domain::ReleaseVerb verb) const;
    QString opening(domain::ReleaseVerb verb) const;
    /// How many machines, and, of a rollback, how many of them are back already.
    QString reachText(domain::ReleaseVerb verb) const;
    /// How long what the verb sets going takes; empty: it sets nothing going.
    QString expected(domain::ReleaseVerb verb) const;
    /// Why this operator cannot, where the release's state would allow it.
    QString personProblem(domain::ReleaseVerb verb) const;

    ConnectionHub& m_hub;
    QString m_id;
    std::optional<services::ReleaseInfo> m_info;
    std::optional<services::ReleasePlan> m_plan;  ///< of the draft, as it was shown
    ReleasePace m_pace;
    absl::Status m_error;
    models::StageModel m_stages;
    models::FailureModel m_failures;
    models::ReleaseMachineModel m_machines;
    models::TimelineModel m_timeline;
    models::AuditModel m_audit;
    ReleaseFailures m_failureWalk;
    PagedList<services::ReleaseMachine> m_machineList;
    PagedList<services::TimelineEntry> m_timelineList;
    PagedList<services::AuditRow> m_auditList;
    services::CallHandle m_watch;
    services::CallHandle m_planCall;
    /// Changes that are not answered yet, by release: kept whichever is shown, because the master
    /// drops a call that is cancelled before it begins it.
    std::map<std::string, services::CallHandle> m_changes;
    services::CallHandle m_lookAgain;
    QTimer m_reload;
    QTimer m_othersMoved;  ///< runs: what an ended one may do is asked again when it fires
    bool m_planning = false;
};

}  // namespace ifrit::gui::presenters
