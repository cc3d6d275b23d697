// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/fleet_roster.h"

#include <algorithm>
#include <utility>

#include "gui/presenters/fleet_roster_member.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;
using services::LinkState;

constexpr int kAskEveryMs = 10'000;
constexpr int kTellEveryMs = 100;
/// Figures that are older are no figures of now, though the line may stand: heartbeats come from
/// another part of a master than sums do.
constexpr std::chrono::seconds kOldAfter{30};

}  // namespace

FleetRoster::FleetRoster(ConnectionsPresenter& connections, ConnectionHub& hub,
                         services::SessionFactory& sessions, QObject* parent,
                         base::UniformRandom random)
    : QObject(parent),
      m_connections(connections),
      m_hub(hub),
      m_sessions(sessions),
      m_random(std::move(random)) {
    m_timer.setInterval(kAskEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &FleetRoster::refresh);
    m_timer.start();
    m_told.setSingleShot(true);
    m_told.setInterval(kTellEveryMs);
    connect(&m_told, &QTimer::timeout, this, &FleetRoster::changed);
    connect(&connections, &ConnectionsPresenter::listChanged, this, &FleetRoster::follow);
    connect(&hub, &ConnectionHub::sessionOpened, this, &FleetRoster::follow);
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        const auto last = m_last.find(toText(m_hub.profile().bundlePath));
        if (last != m_last.end() && m_hub.link().staleSince)
            last->second.since = *m_hub.link().staleSince;
        QMetaObject::invokeMethod(this, &FleetRoster::follow, Qt::QueuedConnection);
    });
    connect(&hub, &ConnectionHub::signedIn, this, &FleetRoster::renewLogins);
    follow();
}

FleetRoster::~FleetRoster() {
    for (const auto& member : m_members)
        closeLine(*member);
}

// Those that stay keep their line: a new master on the list disturbs none of the others.
void FleetRoster::follow() {
    std::vector<std::unique_ptr<Member>> members;
    const auto& masters = m_connections.masters();
    for (std::size_t i = 0; i < masters.size(); ++i) {
        const KnownMaster& master = masters[i];
        if (!master.watched || static_cast<int>(i) == m_connections.current()) continue;
        const auto same = std::find_if(m_members.begin(), m_members.end(), [&](const auto& one) {
            return one != nullptr && one->master.bundlePath == master.bundlePath;
        });
        if (same != m_members.end()) {
            (*same)->master = master;
            reopenIfChanged(**same);
            members.push_back(std::move(*same));
            continue;
        }
        members.push_back(std::make_unique<Member>(master, [this] { return m_random(); }));
        if (const auto last = m_last.find(master.bundlePath); last != m_last.end()) {
            members.back()->summary = last->second.summary;
            members.back()->answered = last->second.since;
        }
        open(*members.back());
    }
    for (const auto& member : m_members) {
        if (member == nullptr) continue;
        keepLast(*member);
        closeLine(*member);
    }
    m_members = std::move(members);
    std::erase_if(m_last, [this](const auto& last) { return masterOf(last.first) < 0; });
    m_told.start();
}

// As one that was imported again, with another address or a new certificate.
void FleetRoster::reopenIfChanged(Member& member) {
    const auto profile = m_connections.profileOf(member.master);
    if (!profile.ok() || profile->bundle == member.bundle) return;
    closeLine(member);
    member.ended.stand();
    // Figures of another cluster in the same file are not this one's.
    const bool isOther = !member.bundle.cluster.empty() && !isSame(member.bundle, profile->bundle);
    if (isOther) member.summary.reset();
    open(member);
}

void FleetRoster::closeLine(Member& member) {
    Q_EMIT lineClosing(member.master.bundlePath);
    member.close();
}

// The window's cluster may be on the list once more. Whoever signs in does so for all of its
// entries: the others would go on with a token that has ended, or with none.
void FleetRoster::renewLogins(const services::LoginSession& login) {
    for (const auto& member : m_members) {
        auto profile = m_connections.profileOf(member->master);
        if (!profile.ok() || !profile->bundle.certificatePem.empty()) continue;
        if (!isSame(profile->bundle, m_hub.profile().bundle)) continue;
        closeLine(*member);
        member->bundle = profile->bundle;
        profile->bearerToken = login.token;
        connectTo(*member, *profile);
    }
}

void FleetRoster::keepLast(const Member& member) {
    if (!member.summary) return;
    m_last[member.master.bundlePath] = {*member.summary,
                                        member.link.staleSince.value_or(member.answered)};
}

const FleetRoster::Last* FleetRoster::lastOfOwn() const {
    if (!m_hub.hasSession()) return nullptr;
    const auto found = m_last.find(toText(m_hub.profile().bundlePath));
    return found == m_last.end() ? nullptr : &found->second;
}

void FleetRoster::noteOwn(const services::ClusterSummary& summary) {
    m_last[toText(m_hub.profile().bundlePath)] = {summary, m_hub.times().now()};
}

int FleetRoster::ownPlace() const {
    const std::vector<const Member*> shown = others();
    return static_cast<int>(std::count_if(shown.begin(), shown.end(), [this](const Member* one) {
        return masterOf(one->master.bundlePath) < m_connections.current();
    }));
}

void FleetRoster::open(Member& member) {
    const auto profile = m_connections.profileOf(member.master);
    if (!profile.ok()) {
        member.link.lastError = profile.status();
        member.ended.end(EndedLine::By::Nothing, profile.status(), m_hub.times().now());
        return;
    }
    member.bundle = profile->bundle;
    Member* const me = &member;  // a member outlives its handles
    member.token = m_connections.signedIn(
        *profile, [this, me](const services::ConnectionProfile& whole) { connectTo(*me, whole); });
}

// Of a login that has ended the keychain may have a newer one.
void FleetRoster::openAgain(Member& member) {
    const bool isAsked = member.session != nullptr && !member.ended.wantsLogin();
    member.ended.begin();
    if (isAsked) return member.session->connection().retryNow();
    closeLine(member);
    open(member);
}

void FleetRoster::connectTo(Member& member, const services::ConnectionProfile& profile) {
    member.session = m_sessions.open(profile);
    Member* const me = &member;
    member.status =
        member.session->connection().watchStatus([this, me](const services::LinkStatus& link) {
            const bool connectedNow =
                link.state == LinkState::Connected && me->link.state != LinkState::Connected;
            me->link = link;
            me->ended.follow(link,
                             me->bundle.certificatePem.empty() ? EndedLine::By::Password
                                                               : EndedLine::By::Certificate,
                             m_hub.times().now());
            if (services::isBroken(link.state)) {
                // An answer that comes late would make figures of before the break those of now.
                me->call.cancel();
                me->asking = false;
            }
            if (connectedNow) {
                ask(*me);
                Q_EMIT lineCame(me->master.bundlePath);
            }
            if (!m_told.isActive()) m_told.start();
        });
    member.session->connection().connect();
}

// A call that is on its way has longer than until the next turn; another would only end it.
void FleetRoster::ask(Member& member) {
    if (member.session == nullptr || member.link.state != LinkState::Connected) return;
    if (member.asking) return;
    Member* const me = &member;
    member.asking = true;
    member.call = member.session->fleet().getCluster(
        [this, me](const absl::StatusOr<services::ClusterSummary>& cluster) {
            me->asking = false;
            me->lastError = cluster.status();
            if (cluster.ok()) {
                me->summary = *cluster;
                me->answered = m_hub.times().now();
            }
            if (!m_told.isActive()) m_told.start();
        });
}

bool FleetRoster::answers(const Member& member) const {
    return member.link.state == LinkState::Connected && member.summary && member.lastError.ok() &&
           m_hub.times().now() - member.answered <= kOldAfter;
}

void FleetRoster::refresh() {
    for (const auto& member : m_members) {
        if (member->ended.isDue(m_hub.times().now())) openAgain(*member);
        ask(*member);
    }
    // Figures grow old by themselves.
    if (!m_told.isActive()) m_told.start();
}

void FleetRoster::tryAgain() {
    for (const auto& member : m_members) {
        if (member->ended.hasEnded())
            openAgain(*member);
        else if (member->session != nullptr && member->link.state != LinkState::Connected)
            member->session->connection().retryNow();
    }
    refresh();
}

int FleetRoster::masterOf(int index) const {
    return masterOf(pathOf(index));
}

int FleetRoster::masterOf(const QString& bundlePath) const {
    const auto& masters = m_connections.masters();
    const auto found = std::find_if(masters.begin(), masters.end(),
                                    [&](const auto& one) { return one.bundlePath == bundlePath; });
    return found == masters.end() ? -1 : static_cast<int>(found - masters.begin());
}

const FleetRoster::Member* FleetRoster::find(const QString& bundlePath) const {
    const auto found = std::find_if(m_members.begin(), m_members.end(), [&](const auto& one) {
        return one != nullptr && one->master.bundlePath == bundlePath;
    });
    return found == m_members.end() ? nullptr : found->get();
}

std::optional<FleetRoster::Line> FleetRoster::lineOf(const QString& bundlePath) const {
    const Member* member = find(bundlePath);
    if (member == nullptr) return std::nullopt;
    Line line{member->link, answers(*member) ? member->summary->serverVersion : ""};
    if (!member->ended.hasEnded()) return line;
    line.ended = member->ended.look();
    line.becomes = member->ended.sentence(m_hub.times());
    return line;
}

services::Session* FleetRoster::sessionOf(const QString& bundlePath) const {
    const Member* member = find(bundlePath);
    return member == nullptr ? nullptr : member->session.get();
}

QString FleetRoster::nameOf(const QString& bundlePath) const {
    const Member* member = find(bundlePath);
    return member == nullptr ? QString() : member->master.cluster;
}

}  // namespace ifrit::gui::presenters
