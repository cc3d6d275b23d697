// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/presenters/connection_hub.h"
#include "gui/presenters/connections_presenter.h"
#include "gui/services/campaign_board.h"

namespace ifrit::gui::presenters {

/// The clusters that a campaign may be about: the one that the window is connected to, and all
/// others on the operator's list, each over a session of its own; where a password was signed in
/// with, by the token that was kept. They are asked side by side: one that is slow or dead holds up
/// none of the others. GUI thread.
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

    CampaignLines(ConnectionHub& hub, ConnectionsPresenter& connections,
                  services::SessionFactory& factory, QObject* parent = nullptr);

    /// Opens what is not open, and anew what was changed on the list. Nothing while the window has
    /// no connection.
    void open();
    void close();
    const std::vector<Line>& lines() const { return m_lines; }
    const Line* lineOf(const std::string& cluster) const;

    /// Asks all for all their campaigns, then answered() for each. One that is being asked comes to
    /// its end and is asked once more: what it says then is of after this.
    void ask();
    bool asking() const;
    /// By cluster, what it said last; services::isAwaited() before its first answer.
    const std::map<std::string, absl::StatusOr<Campaigns>>& answers() const { return m_answers; }
    /// Some have not said anything yet.
    bool awaitsAny() const;
    /// The numbers of the questions that a cluster was asked, and that it answered, last: what is
    /// done to it shows in the answer to a question of after that. 0: none.
    std::uint64_t askedOf(const std::string& cluster) const;
    std::uint64_t answeredBy(const std::string& cluster) const;

Q_SIGNALS:
    /// What answers() says has changed.
    void answered();
    /// What a cluster said over the session before says nothing about this one.
    void reopened();
    void closed();

private:
    struct Question {
        services::CallHandle call;
        Campaigns campaigns;
        std::string token;
        bool isOpen = false;
        bool again = false;  ///< somebody asked while it was
        std::uint64_t number = 0;
        std::uint64_t answered = 0;
    };
    /// The session with a cluster of the list, and what it was opened with.
    struct Own {
        bundle::Bundle bundle;
        bool readOnly = false;
        std::unique_ptr<services::Session> session;
        services::CallHandle token;
        bool asksForToken = false;
    };
    void addHubLine();
    Line lineTo(const KnownMaster& master, const services::ConnectionProfile& profile);
    void replace(Own& own);
    void openOwn(const services::ConnectionProfile& profile);
    void openedWith(const services::ConnectionProfile& whole);
    /// Whether answers() is another by that.
    bool askLine(const Line& line);
    void begin(const Line& line);
    void askPage(const std::string& cluster, services::Session& session);
    void take(const std::string& cluster, absl::StatusOr<services::Page<services::CampaignInfo>>);
    void finish(const std::string& cluster, const absl::Status& status);

    ConnectionHub& m_hub;
    ConnectionsPresenter& m_connections;
    services::SessionFactory& m_factory;
    std::map<std::string, Own> m_own;  ///< by cluster
    /// Replaced: what is still on its way over one comes to its end.
    std::vector<std::unique_ptr<services::Session>> m_replaced;
    std::vector<Line> m_lines;
    std::map<std::string, Question> m_questions;
    std::uint64_t m_numbers = 0;  ///< of questions; none is given twice
    std::map<std::string, absl::StatusOr<Campaigns>> m_answers;
};

}  // namespace ifrit::gui::presenters
