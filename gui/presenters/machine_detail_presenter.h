// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <optional>
#include <string>
#include <vector>

#include "gui/models/page_parts.h"
#include "gui/models/record_models.h"
#include "gui/presenters/action.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/kept_text.h"
#include "gui/presenters/repeated_call.h"

namespace ifrit::gui::presenters {

/// One machine: facts, why its versions, its agents, what happened. Answers about a machine that
/// was left meanwhile are dropped. GUI thread.
class MachineDetailPresenter : public QObject {
    Q_OBJECT
public:
    MachineDetailPresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    /// Empty: none.
    void show(const QString& uuid);
    QString uuid() const { return m_uuid; }
    const std::optional<services::MachineInfo>& machine() const { return m_machine; }
    models::StatusLook look() const;
    QString factsLine() const;
    QList<QPair<QString, QString>> summary() const;
    /// "The probe ... refused": the worst agent's last error; empty: none.
    QString lastError() const;
    QString error() const { return m_error.text(); }

    models::ExplainModel& explainModel() { return m_explain; }
    models::AgentReportModel& agentModel() { return m_agents; }
    models::MachineEventModel& eventModel() { return m_events; }

    /// Lets the machine try again what it remembers as bad: one call for each version that
    /// clearBadFacts() show, one acted() once all are answered. What it came to remember while they
    /// were shown stays.
    Action clearBadAction() const;
    models::DangerFacts clearBadFacts() const;
    std::vector<services::ClearKnownBad> clearBadRequests() const;
    void clearBad(const std::vector<services::ClearKnownBad>& shown, const QString& reason);
    models::CtlCommand explainCommand() const;

Q_SIGNALS:
    void changed();
    /// A call that changes something ended; empty text: it worked.
    void acted(const QString& sentence);

private:
    void clearOne(const services::ClearKnownBad& request);
    void load();
    void take(absl::StatusOr<services::MachineInfo> machine);
    void clear();

    ConnectionHub& m_hub;
    QString m_uuid;
    KeptText m_error;
    std::optional<services::MachineInfo> m_machine;
    models::ExplainModel m_explain;
    models::AgentReportModel m_agents;
    models::MachineEventModel m_events;
    RepeatedCall<services::MachineInfo> m_machineCall;
    RepeatedCall<services::Explanation> m_explainCall;
    RepeatedCall<services::Page<domain::MachineEvent>> m_eventCall;
    std::vector<services::CallHandle> m_clearCalls;  ///< one a version
    QStringList m_clearFailures;
    std::size_t m_clearPending = 0;
    QTimer m_reload;
};

}  // namespace ifrit::gui::presenters
