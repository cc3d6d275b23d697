// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

#include <optional>
#include <vector>

#include "gui/models/page_parts.h"
#include "gui/presenters/action.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/paged_list.h"

namespace ifrit::gui::presenters {

/// Makes a release: what, where, how, then the master's plan, then start. Nothing changes before
/// start. GUI thread.
class NewReleasePresenter : public QObject {
    Q_OBJECT
public:
    enum class Kind { Install, Uninstall, UninstallPurge };
    /// As typed; checked by problem().
    struct Form {
        Kind kind = Kind::Install;
        QString agent;
        QString version;
        QStringList types;
        bool gray = true;
        QString uuids;  ///< parted by space, comma or line
        QString pin;
        QString labels;        ///< "k=v k=v"
        int pilotPercent = 0;  ///< of each machine type; 0: no pilot
        bool batches = false;
        int intervalMinutes = 5;  ///< from one batch to the next
        bool promote = false;     ///< each batch waits for promote
        int maxInFlight = 0;      ///< 0: no limit
        int soakMinutes = 10;
        int deadlineMinutes = 10;
        bool autoVerify = false;
        bool approval = false;  ///< of a second person, before start
        QString windows;        ///< "Mon-Fri 09:00-17:00", parted by semicolon or line
        QString blackouts;      ///< "2026-12-24..2027-01-02", parted by space, comma or line
        QString timeZone;       ///< of both; empty: UTC
        int lateJoiners = static_cast<int>(domain::kDefaultLateJoiners);  ///< a minute
        QString reason;
    };
    enum class Step { Form, Planning, Review, Starting };

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

    const Form& form() const { return m_form; }
    void setForm(const Form& form);
    /// What keeps the form from being planned; empty: nothing.
    QString problem() const;

    Step step() const { return m_step; }
    void plan();
    void back();
    const std::optional<services::ReleasePlan>& releasePlan() const { return m_plan; }
    QList<QPair<QString, QString>> planFacts() const;
    QStringList conflicts() const;
    QStringList refusals() const;
    Action startAction() const;
    models::DangerFacts startFacts() const;
    void start(const QString& reason);
    QString error() const { return m_error; }

Q_SIGNALS:
    void changed();
    /// The release runs; or was kept as a draft.
    void started(const QString& releaseId);

private:
    domain::ReleaseSpec spec() const;
    QString ruleProblem() const;
    QString startSentence() const;
    void fail(const absl::Status& status, Step back);
    void askPlan();

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    PagedList<services::PackageInfo> m_packages;
    Form m_form;
    Step m_step = Step::Form;
    QString m_error;
    std::optional<services::ReleaseInfo> m_draft;
    std::optional<services::ReleasePlan> m_plan;
    services::CallHandle m_call;
};

}  // namespace ifrit::gui::presenters
