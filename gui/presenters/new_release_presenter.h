// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

#include "gui/models/ctl_command.h"
#include "gui/models/page_parts.h"
#include "gui/models/plan_models.h"
#include "gui/presenters/action.h"
#include "gui/presenters/draft_keeper.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/gray_count.h"
#include "gui/presenters/paged_list.h"
#include "gui/presenters/release_form.h"
#include "gui/presenters/running_now.h"

namespace ifrit::gui::presenters {

/// Makes a release: what, where, how, then the master's plan, then start. Nothing changes before
/// start. The plan is of a draft on the master, which is ended there once it is left behind, and
/// stays only where it is saved. GUI thread.
class NewReleasePresenter : public QObject {
    Q_OBJECT
public:
    using Form = ReleaseForm;
    using Kind = ReleaseForm::Kind;
    enum class Step { Form, Planning, Saving, Review, Starting };

    NewReleasePresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    /// Begins anew and reads what can be released.
    void begin();
    bool loading() const { return m_packages.loading(); }
    QStringList agents() const;
    /// Newest first; of what is published for the agent.
    QStringList versions(const QString& agent) const;
    /// Machine types that the chosen package, or the cluster, knows.
    QStringList types(const QString& agent, const QString& version, Kind kind) const;
    /// Machines that the gray list names, among those known here; -1 while it is empty.
    int grayMachines() const;
    /// What the chosen machine types run of the agent now, and how many machines it changes.
    QString runsNow() const;
    /// Where it is made.
    models::ClusterPlace place() const { return m_hub.place(); }

    const Form& form() const { return m_form; }
    void setForm(const Form& form);
    /// What keeps the form from being planned; empty: nothing.
    QString problem() const;

    Step step() const { return m_step; }
    void plan();
    /// To the form again; ends the draft that the plan was of.
    void back();
    /// The dialog is closed: ends the draft that was not saved and not started.
    void dismiss();
    Action saveAction() const;
    /// Leaves the draft on the master, for somebody to start; makes it first where there is none.
    void save();
    /// What makes the same draft with ifritctl; of a form without a problem().
    models::CtlCommand command() const;
    /// The draft that the plan is of; empty: there is none.
    QString draftId() const {
        return shownDraft() ? models::toText(shownDraft()->release.id) : QString();
    }
    /// What is reviewed: "logd 1.5.0 → 1.5.3 in demo".
    QString reviewTitle() const;
    /// Gray machines, reason, and of the plan as a whole: what stands in no row of its stages.
    QList<QPair<QString, QString>> planFacts() const;
    models::PlanStageModel& planStages() { return m_planStages; }
    /// Conflicts, and whom the plan leaves out.
    models::PlanObjectionModel& planObjections() { return m_planObjections; }
    /// How many more are left out than the plan names; empty: none.
    QString objectionsNote() const;
    Action startAction() const;
    models::DangerFacts startFacts() const;
    void start(const QString& reason);
    QString error() const { return m_error; }

Q_SIGNALS:
    void changed();
    /// The release runs.
    void started(const QString& releaseId);
    /// It is kept as a draft.
    void saved(const QString& releaseId);
    /// A draft that could not be ended, or a start that was not answered; a sentence.
    void draftLeft(const QString& sentence);

private:
    domain::ReleaseSpec spec() const { return ReleaseFormRules::specOf(m_form); }
    const std::optional<services::ReleaseInfo>& shownDraft() const {
        return m_starting ? m_starting : m_drafts.draft();
    }
    void readPackages();
    QString startSentence() const;
    void startAnswered(const absl::StatusOr<services::ReleaseInfo>& release);
    /// The start that is under way will not be answered any more.
    void loseStart();
    void fail(const absl::Status& status, Step back);
    void makeDraft(Step meanwhile, std::function<void()> made);
    void askPlan();
    /// Unset: there is none.
    void setPlan(std::optional<services::ReleasePlan> plan);

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    PagedList<services::PackageInfo> m_packages;
    mutable GrayCount m_grayCount;
    mutable RunningNow m_running;
    Form m_form;
    Step m_step = Step::Form;
    QString m_error;
    DraftKeeper m_drafts;
    /// Not the keeper's: whether it is still a draft is known once start is answered.
    std::optional<services::ReleaseInfo> m_starting;
    std::optional<services::ReleasePlan> m_plan;
    models::PlanStageModel m_planStages;
    models::PlanObjectionModel m_planObjections;
    services::CallHandle m_call;
};

}  // namespace ifrit::gui::presenters
