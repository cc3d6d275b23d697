// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

#include <map>
#include <string>
#include <vector>

#include "gui/models/ctl_command.h"
#include "gui/presenters/campaign_lines.h"
#include "gui/presenters/connection_hub.h"

namespace ifrit::gui::presenters {

/// Makes a campaign out of a release of the cluster that the window is connected to: the same spec
/// in each cluster, in the order that is asked for. Every cluster is asked before any is given it.
/// GUI thread.
class NewCampaignPresenter : public QObject {
    Q_OBJECT
public:
    struct Form {
        QString name;
        QString releaseId;
        QList<QString> clusters;  ///< in their order
        int settleMinutes = 60;
        int expiresDays = 14;
        bool operator==(const Form&) const = default;
    };
    struct Choice {
        QString id;
        QString text;
    };

    NewCampaignPresenter(ConnectionHub& hub, CampaignLines& lines, QObject* parent = nullptr);

    /// Begins anew: asks for the releases that it may be made from. `releaseId` is proposed, else
    /// what the newest of them is about, in its newest version, unless that was stopped or put
    /// back; the `wanted` clusters of clusters() in that order, else all.
    void begin(const QString& releaseId = {}, const QStringList& wanted = {});
    /// Finds out which clusters() there are, before begin().
    void openClusters() { m_lines.open(); }
    const Form& form() const { return m_form; }
    void setForm(const Form& form);
    /// Releases, newest first.
    std::vector<Choice> releases() const;
    /// Clusters that can be part of it: production after all others, and of a kind the connected
    /// one first.
    QList<models::ClusterPlace> places() const;
    /// Their names.
    QList<QString> clusters() const;
    /// The gray list of the release names machines, which other clusters do not have.
    bool dropsGrayList() const;
    /// The release was stopped or put back, or brings an older version than another one did, which
    /// the campaign would repeat; empty: nothing of it.
    QString warning() const;
    /// Why it cannot be made; empty: it can.
    QString problem() const;
    QString error() const { return m_error; }
    void create(const QString& reason);
    /// What makes the same campaign with ifritctl; of a form without a problem().
    models::CtlCommand command() const;

Q_SIGNALS:
    void changed();
    /// The window has a connection again: clusters() are to be opened anew.
    void reopened();
    void created(const QString& campaignId);

private:
    const services::ReleaseInfo* release() const;
    const services::ReleaseInfo& proposed() const;  ///< of m_releases, which has some
    /// The newest version of the agent that a release brings which stands; nullptr: there is none.
    const services::ReleaseInfo* newestOf(const std::string& agent) const;
    domain::Campaign campaign() const;
    void importAll(services::CampaignService::Import how);
    void take(const std::string& cluster, const absl::Status& status);
    void finish();

    ConnectionHub& m_hub;
    CampaignLines& m_lines;
    Form m_form;
    std::vector<services::ReleaseInfo> m_releases;
    services::CallHandle m_list;
    std::map<std::string, services::CallHandle> m_calls;
    std::map<std::string, absl::Status> m_answers;
    services::CampaignService::Import m_how = services::CampaignService::Import::Validate;
    std::string m_document;
    std::string m_id;
    QString m_reason;
    QString m_error;
    bool m_busy = false;
};

}  // namespace ifrit::gui::presenters
