// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

#include "gui/models/ctl_command.h"
#include "gui/presenters/action.h"
#include "gui/presenters/machine_detail_presenter.h"

namespace ifrit::gui::presenters {

/// The end of a managed agent's log, as its machine sends it when asked. Asking leaves an audit
/// row: logs may hold what not everybody shall read. Answers about a machine or agent that was
/// left meanwhile are dropped. GUI thread.
class MachineLogPresenter : public QObject {
    Q_OBJECT
public:
    MachineLogPresenter(ConnectionHub& hub, MachineDetailPresenter& detail,
                        QObject* parent = nullptr);

    /// Agents of the machine that is shown.
    QStringList agents() const { return m_agents; }
    QString agent() const { return m_agent; }
    void setAgent(const QString& agent);
    Action fetchAction() const;
    void fetch();
    models::CtlCommand command() const;

    /// What is known of the text below: when it came, or why there is none.
    QString note() const { return m_note.text(); }
    QString text() const { return m_text; }

Q_SIGNALS:
    void changed();

private:
    void follow();
    void forget();

    ConnectionHub& m_hub;
    MachineDetailPresenter& m_detail;
    QString m_uuid;
    QStringList m_agents;
    QString m_agent;
    bool m_isWaiting = false;
    KeptText m_note;
    QString m_text;
    services::CallHandle m_call;
};

}  // namespace ifrit::gui::presenters
