// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/presenters/connection_hub.h"
#include "gui/presenters/connection_store.h"
#include "gui/services/campaign_board.h"

namespace ifrit::gui::presenters {

/// The clusters that a campaign may be about: the one that the window is connected to, and all
/// others on the operator's list, each over a session of its own. They are asked side by side: one
/// that is slow or dead holds up none of the others. GUI thread.
class CampaignLines : public QObject {
    Q_OBJECT
public:
    struct Line {
        std::string cluster;
        std::string kind;
        std::string caPem;
        bool readOnly = false;
        services::Session* session = nullptr;  ///< null: `problem` says why
        absl::Status problem;
    };
    using Campaigns = std::vector<services::CampaignInfo>;

    CampaignLines(ConnectionHub& hub, ConnectionStore& store, services::SessionFactory& factory,
                  QObject* parent = nullptr);

    /// Opens what is not open: bundles are read again. Nothing while the window has no connection.
    void open();
    void close();
    const std::vector<Line>& lines() const { return m_lines; }
    const Line* lineOf(const std::string& cluster) const;

    /// Asks all for all their campaigns, then answered(). A round that runs is begun again.
    void ask();
    bool asking() const { return m_asking; }
    /// By cluster, of the last whole round.
    const std::map<std::string, absl::StatusOr<Campaigns>>& answers() const { return m_answers; }

Q_SIGNALS:
    void answered();
    void closed();

private:
    struct Question {
        services::CallHandle call;
        Campaigns campaigns;
        std::string token;
        bool done = false;
        absl::Status error;
    };
    void addHubLine();
    void askPage(const std::string& cluster, services::Session& session);
    void take(const std::string& cluster, absl::StatusOr<services::Page<services::CampaignInfo>>);
    void finishRound();

    ConnectionHub& m_hub;
    ConnectionStore& m_store;
    services::SessionFactory& m_factory;
    std::map<std::string, std::unique_ptr<services::Session>> m_sessions;  ///< our own
    std::vector<Line> m_lines;
    std::map<std::string, Question> m_questions;
    std::map<std::string, absl::StatusOr<Campaigns>> m_answers;
    bool m_asking = false;
};

}  // namespace ifrit::gui::presenters
