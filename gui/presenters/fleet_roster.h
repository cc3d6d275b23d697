// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "gui/models/page_parts.h"
#include "gui/presenters/connections_presenter.h"
#include "gui/presenters/ended_line.h"
#include "gui/presenters/fleet_totals.h"

namespace ifrit::gui::presenters {

/// The clusters on the operator's list beside the one that the window is about, each over a session
/// of its own: none waits for another, and one that hangs costs its own card. Asks only for
/// summaries, and changes nothing. GUI thread.
class FleetRoster : public QObject {
    Q_OBJECT
public:
    /// All outlive the roster. `sessions` is not the tracked one: what is asked every few seconds
    /// is no operation of a person.
    FleetRoster(ConnectionsPresenter& connections, ConnectionHub& hub,
                services::SessionFactory& sessions, QObject* parent = nullptr,
                base::UniformRandom random = base::systemUniformRandom());
    ~FleetRoster() override;

    /// Of every cluster but the hub's, in the order of the list; of one that is there more than
    /// once one.
    QList<models::ClusterCard> cards() const;
    /// The bundle of the master of the card at `index`; empty: none.
    QString pathOf(int index) const;
    /// The place on the list of masters of the card at `index`; -1: none.
    int masterOf(int index) const;
    /// As above, of a bundle.
    int masterOf(const QString& bundlePath) const;
    /// Without the hub's cluster; each other one once, however often it is on the list.
    FleetTotals totals() const;
    /// How the line to a master on the list is.
    struct Line {
        services::LinkStatus link;
        std::string serverVersion;                     ///< empty: not known now
        std::optional<models::StatusLook> ended = {};  ///< it has: why, in a word
        QString becomes = {};  ///< the same, and whether it is tried again by itself
    };
    /// Nothing of one that has no card.
    std::optional<Line> lineOf(const QString& bundlePath) const;
    /// What a cluster said last, and since when no more; of the window's own, what was heard of it
    /// before this session, too.
    struct Last {
        services::ClusterSummary summary;
        base::WallTime since{};
    };
    /// Null: nothing yet.
    const Last* lastOfOwn() const;
    /// Where the window's own cluster has its place among cards().
    int ownPlace() const;
    /// What the window's own session has heard of its cluster.
    void noteOwn(const services::ClusterSummary& summary);
    /// Asks every cluster now, and tries again the lines that have ended and are due.
    void refresh();
    /// The same at once, of every line that does not stand: whoever asks for it waits for no time
    /// that was set.
    void tryAgain();
    /// "beta: account disabled, tried again at 11:21:07 +08:00" of each line that has ended.
    QStringList ended() const;
    /// How many of them have ended the line themselves.
    qint64 refused() const;
    /// The line to a master on the list, until lineClosing(); null: there is none.
    services::Session* sessionOf(const QString& bundlePath) const;
    /// It has a card: of a cluster that is there more than once one has, of the window's own none.
    bool isShown(const QString& bundlePath) const;
    QString nameOf(const QString& bundlePath) const;

Q_SIGNALS:
    void changed();
    /// A master answers, for the first time or again.
    void lineCame(const QString& bundlePath);
    /// Its session is about to go: let go of every call.
    void lineClosing(const QString& bundlePath);

private:
    struct Member;
    void follow();
    const Member* find(const QString& bundlePath) const;
    void closeLine(Member& member);
    void reopenIfChanged(Member& member);
    void renewLogins(const services::LoginSession& login);
    void keepLast(const Member& member);
    void open(Member& member);
    void openAgain(Member& member);
    void connectTo(Member& member, const services::ConnectionProfile& profile);
    void ask(Member& member);
    bool answers(const Member& member) const;
    /// One for each cluster but the hub's.
    std::vector<const Member*> others() const;
    models::ClusterCard cardOf(const Member& member) const;

    ConnectionsPresenter& m_connections;
    ConnectionHub& m_hub;
    services::SessionFactory& m_sessions;
    base::UniformRandom m_random;
    std::vector<std::unique_ptr<Member>> m_members;
    std::map<QString, Last> m_last;  ///< by bundle, of those without a member now
    QTimer m_timer{this};
    QTimer m_told{this};  ///< many answers, one repaint
};

}  // namespace ifrit::gui::presenters
