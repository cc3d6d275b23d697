// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QPair>
#include <QTimer>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/models/campaign_models.h"
#include "gui/models/page_parts.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/action.h"
#include "gui/presenters/campaign_lines.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/receipt_carrier.h"
#include "gui/presenters/row_source.h"

namespace ifrit::gui::presenters {

/// Campaigns over all clusters that the operator can reach: where each is, what it waits for; and
/// the verbs. Receipts are carried by themselves. GUI thread.
class CampaignsPresenter : public QObject {
    Q_OBJECT
public:
    CampaignsPresenter(ConnectionHub& hub, FleetFeed& feed, ConnectionsPresenter& connections,
                       services::SessionFactory& factory, QObject* parent = nullptr);

    /// While it is shown, the clusters are asked every few seconds; else twice a minute as long as
    /// a campaign is open.
    void setShown(bool shown);
    void refresh();

    CampaignLines& lines() { return m_lines; }
    models::CampaignModel& model() { return m_model; }
    models::SeatModel& seatModel() { return m_seats; }
    /// Each word has to be in what a row says. Of what is left out nothing is chosen: the first
    /// that is shown is.
    void setFilter(const QString& text);
    QString filterText() const { return m_filter; }
    /// Whatever the filter leaves of them.
    std::unique_ptr<RowSource> rows() const;
    /// Why the table has no row; empty: it has.
    QString emptyLine() const;
    /// Empty: none.
    void choose(const QString& id);
    QString chosen() const { return m_chosen; }
    /// releaseWanted() of a row of seatModel(), or acted() with why not: only the cluster that the
    /// window is connected to shows its releases.
    void openRelease(int row);
    /// Null: none is chosen, or it is gone.
    const services::CampaignBoard* board() const;
    /// What shows it with ifritctl; without one, the list.
    models::CtlCommand command() const;

    /// Empty before anything was told.
    QString countLine() const;
    QList<models::Figure> figures() const;
    QString title() const;
    QString factsLine() const;
    models::StatusLook look() const;
    /// What was carried last, or what keeps it from being carried.
    QString carryLine() const;
    bool carryFailed() const { return m_carrier.lineIsBad(); }
    models::ViewNotice notice() const;
    /// Campaigns that wait for a person.
    int attention() const;

    // Verbs (campaign_verbs.cpp).
    Action createAction() const;
    Action startAction() const;
    Action abortAction() const;
    /// Makes the draft where there is none, asks for its plan, then startPrepared(); acted() with
    /// why where it cannot be started.
    void prepareStart();
    models::DangerFacts startFacts() const;
    /// Why what startFacts() asks about cannot be started any more: somebody else did, or ended the
    /// campaign. Empty: it can; nothing: it is not there any more.
    std::optional<QString> whyNotPrepared() const;
    void start(const QString& reason);
    // Its end (campaign_abort.cpp).
    using Releases = services::CampaignReleases;
    /// Something of it can still be aborted; else its releases can only be rolled back.
    bool canAbortAlone() const { return !abortable().empty(); }
    /// Whether its releases can be rolled back with it.
    Action rollbackAction() const;
    /// Which campaign, and what each cluster is told: those that can be, the last first.
    struct AbortTarget {
        struct Told {
            std::string cluster;
            bool aborts = false;
            std::optional<services::ReleaseAct> rollback;
        };
        std::string campaign;
        std::vector<Told> clusters;
    };
    AbortTarget abortTarget(Releases releases) const;
    models::DangerFacts abortFacts(Releases releases) const;
    /// What abortTarget() was when abortFacts() were shown.
    void abort(const AbortTarget& target, const QString& reason);
    bool acting() const { return m_acting; }

Q_SIGNALS:
    void changed();
    void startPrepared();
    void releaseWanted(const QString& releaseId);
    /// Since the last look a campaign waits for a person. What was so at the first look is not
    /// news.
    void personWanted(const QString& id, const QString& sentence);
    /// A verb was answered; empty text: it was done.
    void acted(const QString& sentence);

private:
    struct Start {
        std::string cluster;
        std::string kind;
        services::CampaignInfo held;
        services::ReleasePlan plan;
    };
    void take();
    bool anyOpen() const;
    void tellWaiting();
    /// Somebody else is chosen where the chosen one is not shown.
    void followShown();
    void show(const QString& id);
    void showSeats();
    /// Of the chosen campaign; without one, all that are asked.
    QStringList clusters() const;
    /// Where a cluster is with it, in a sentence.
    static QString standOf(const services::CampaignBoard& board, std::size_t seat);
    /// Why nothing can be started there over the connection that there is; empty: it can.
    QString whyNotIn(const services::CampaignSeat& seat) const;
    void planStart(services::CampaignInfo held);
    void takePlan(absl::StatusOr<services::ReleasePlan> plan);
    void finishVerb(const absl::Status& status);
    void finishVerb(const QString& problem);
    /// `problems`: of those that were told before.
    void abortNext(AbortTarget left, const QString& reason, QStringList problems);
    void rollBackNext(AbortTarget left, const QString& reason, QStringList problems);
    /// Null: there is none now, or nothing may be changed over it.
    const CampaignLines::Line* tellable(const std::string& cluster) const;
    services::Session* sessionOf(const std::string& cluster) const;
    /// Who has not answered, and who cannot; empty: all have.
    QString partialLine(const QStringList& away, const QStringList& awaited) const;
    /// Clusters that can be told of an abort, the last first. None of a campaign that is complete.
    std::vector<std::string> abortable() const;
    /// Seats of board() whose releases go back, the last first.
    std::vector<const services::CampaignSeat*> rollable() const;
    QList<QPair<QString, QString>> rollbackFacts() const;

    ConnectionHub& m_hub;
    CampaignLines m_lines;
    ReceiptCarrier m_carrier;
    models::CampaignModel m_model;
    models::SeatModel m_seats;
    std::vector<services::CampaignBoard> m_boards;
    /// By campaign: which cluster of it waits, as it was told; nothing before the first look.
    std::optional<std::map<std::string, std::string>> m_waiting;
    QString m_chosen;
    QString m_filter;
    std::optional<Start> m_start;
    services::CallHandle m_call;
    QTimer m_again{this};
    QTimer m_soon{this};
    bool m_loaded = false;
    bool m_shown = false;
    bool m_acting = false;
    bool m_preparing = false;  ///< m_call finds out what a start would do; it changes no machine
};

}  // namespace ifrit::gui::presenters
