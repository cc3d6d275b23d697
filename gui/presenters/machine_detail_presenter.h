// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/models/page_parts.h"
#include "gui/models/record_models.h"
#include "gui/presenters/action.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/kept_text.h"
#include "gui/presenters/paged_list.h"
#include "gui/presenters/repeated_call.h"
#include "gui/presenters/row_source.h"

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
    /// Why the machine, or a list of it that is shown all the same, could not be read anew.
    QString error() const;
    /// What stands in a list that has no rows: that it is loaded, why it could not be, or that
    /// there is nothing.
    struct EmptyLines {
        QString explain;
        QString agents;
        QString events;
    };
    EmptyLines emptyLines() const;

    models::ExplainModel& explainModel() { return m_explain; }
    models::AgentReportModel& agentModel() { return m_agents; }
    models::MachineEventModel& eventModel() { return m_events; }
    bool hasMoreEvents() const { return m_eventList.hasMore(); }
    void moreEvents() { m_eventList.more(); }
    /// All that is kept of it, where eventModel() has the first pages.
    std::unique_ptr<RowSource> eventRows();

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
    /// The versions that one machine is to try again; each is a call of its own.
    struct Clearing {
        QString uuid;
        std::size_t pending = 0;
        QStringList failures;
        std::vector<services::CallHandle> calls;
    };
    using Clearings = std::list<Clearing>;

    void clearOne(Clearings::iterator clearing, const services::ClearKnownBad& request);
    void cleared(Clearings::iterator clearing);
    void load();
    void take(absl::StatusOr<services::MachineInfo> machine);
    void clear();
    /// Of a package that the machine does not try any more; empty: not known.
    QString versionOf(const domain::AgentReport& agent, const std::string& digest) const;
    void readBadVersions();
    /// What it is, and since when or when it was last heard of.
    QString stateLine() const;
    /// "healthy since 10:24:07 +00:00"; without a time the word alone.
    static QString sinceWhen(const QString& word, base::WallTime since,
                             const models::TimeText& times);

    ConnectionHub& m_hub;
    QString m_uuid;
    KeptText m_error;
    bool m_failed = false;  ///< m_error says why
    absl::Status m_explainError;
    bool m_explained = false;
    std::optional<services::MachineInfo> m_machine;
    models::ExplainModel m_explain;
    models::AgentReportModel m_agents;
    models::MachineEventModel m_events;
    RepeatedCall<services::MachineInfo> m_machineCall;
    RepeatedCall<services::Explanation> m_explainCall;
    PagedList<domain::MachineEvent> m_eventList;
    services::CallHandle m_versionCall;
    bool m_readingVersion = false;
    std::map<std::string, QString> m_versions;  ///< by digest, of packages it put back
    Clearings m_clearings;
    QTimer m_reload;
};

}  // namespace ifrit::gui::presenters
