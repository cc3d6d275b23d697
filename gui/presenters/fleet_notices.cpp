// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/fleet_notices.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gui/presenters/paged_list.h"

namespace ifrit::gui::presenters {
namespace {

using domain::ReleaseState;

constexpr int kReadAfterMs = 300;
constexpr int kAgainAfterMs = 10'000;

/// Later it may be answered.
bool isPassing(const absl::Status& error) {
    return absl::IsUnavailable(error) || absl::IsDeadlineExceeded(error);
}

}  // namespace

struct FleetNotices::Followed {
    explicit Followed(std::function<void()> listed) : running(std::move(listed)) {
        // To the end: none must hide behind a page.
        running.readWhole(true);
    }
    PagedList<services::ReleaseInfo> running;
    std::map<std::string, services::ReleaseInfo> known;  ///< those that have not ended
    std::map<std::string, std::uint64_t> ended;          ///< at which revision
    std::set<std::string> changed;                       ///< ids, to be read
    bool begun = false;                                  ///< the list was there once
    bool reading = false;
    services::CallHandle events;
    services::CallHandle call;
};

FleetNotices::FleetNotices(FleetRoster& roster, QObject* parent)
    : QObject(parent), m_roster(roster) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(kReadAfterMs);
    connect(&m_soon, &QTimer::timeout, this, &FleetNotices::readAll);
    m_again.setSingleShot(true);
    m_again.setInterval(kAgainAfterMs);
    connect(&m_again, &QTimer::timeout, this, [this] {
        for (const auto& [path, followed] : m_followed) {
            if (!followed->running.error().ok()) list(path);
        }
        readAll();
    });
    connect(&roster, &FleetRoster::lineCame, this, &FleetNotices::follow);
    connect(&roster, &FleetRoster::lineClosing, this,
            [this](const QString& path) { m_followed.erase(path); });
}

FleetNotices::~FleetNotices() = default;

FleetNotices::Followed* FleetNotices::find(const QString& path) {
    const auto found = m_followed.find(path);
    return found == m_followed.end() ? nullptr : found->second.get();
}

// A line that comes back may have missed events: what runs is read anew, and told against what was
// known before it broke.
void FleetNotices::follow(const QString& path) {
    services::Session* session = m_roster.sessionOf(path);
    if (session == nullptr) return;
    auto& followed = m_followed[path];
    if (followed == nullptr) {
        followed = std::make_unique<Followed>([this, path] { listed(path); });
        services::StreamObserver<services::ClusterEvent> observer;
        observer.next = [this, path](const services::ClusterEvent& event) {
            using Kind = services::ClusterEvent::Kind;
            if (event.kind == Kind::Reset) list(path);
            if (event.kind != Kind::ReleaseChanged || find(path) == nullptr) return;
            find(path)->changed.insert(event.subject);
            if (!m_soon.isActive()) m_soon.start();
        };
        followed->events = session->events().watch(std::move(observer));
    }
    // What was asked on the line before is not answered any more.
    followed->reading = false;
    followed->call.cancel();
    followed->running.cancel();
    list(path);
}

void FleetNotices::list(const QString& path) {
    Followed* followed = find(path);
    if (followed == nullptr) return;
    followed->running.reload(
        [this, path](const services::PageRequest& page,
                     services::Reply<services::Page<services::ReleaseInfo>> reply) {
            services::Session* session = m_roster.sessionOf(path);
            if (session == nullptr) return services::CallHandle();
            return session->releases().list({{}, true, page}, std::move(reply));
        });
}

void FleetNotices::listed(const QString& path) {
    Followed* followed = find(path);
    if (followed == nullptr || followed->running.loading()) return;
    if (!followed->running.error().ok()) {
        if (isPassing(followed->running.error()) && !m_again.isActive()) m_again.start();
        return;
    }
    std::set<std::string> running;
    for (const services::ReleaseInfo& info : followed->running.items()) {
        running.insert(info.release.id);
        look(path, info);
    }
    followed->begun = true;
    // How they ended is not on the list of what runs.
    for (const auto& [id, info] : followed->known) {
        if (info.release.state != ReleaseState::Draft && running.count(id) == 0)
            followed->changed.insert(id);
    }
    readNext(path);
}

void FleetNotices::readAll() {
    for (const auto& [path, followed] : m_followed)
        readNext(path);
}

void FleetNotices::readNext(const QString& path) {
    Followed* followed = find(path);
    services::Session* session = m_roster.sessionOf(path);
    if (followed == nullptr || session == nullptr) return;
    if (followed->reading || followed->changed.empty()) return;
    const std::string id = followed->changed.extract(followed->changed.begin()).value();
    followed->reading = true;
    followed->call = session->releases().get(
        id, [this, path, id](const absl::StatusOr<services::ReleaseInfo>& info) {
            Followed* me = find(path);
            if (me == nullptr) return;
            me->reading = false;
            if (info.ok()) {
                look(path, *info);
            } else if (isPassing(info.status())) {
                // Not at once: whoever does not answer now is not asked for the others either.
                me->changed.insert(id);
                if (!m_again.isActive()) m_again.start();
                return;
            }
            readNext(path);
        });
}

void FleetNotices::look(const QString& path, const services::ReleaseInfo& info) {
    Followed& followed = *find(path);
    const auto known = followed.known.find(info.release.id);
    const bool isKnown = known != followed.known.end();
    // A master that follows may know less than what was told already.
    const auto ended = followed.ended.find(info.release.id);
    if (isKnown && info.release.revision < known->second.release.revision) return;
    if (ended != followed.ended.end() && info.release.revision < ended->second) return;
    services::ReleaseInfo before = isKnown ? known->second : info;
    // One that nobody has seen yet and that runs was a draft before.
    if (!isKnown && followed.begun && !info.ended()) before.release.state = ReleaseState::Draft;
    if (info.ended()) {
        followed.known.erase(info.release.id);
        followed.ended[info.release.id] = info.release.revision;
    } else {
        followed.known[info.release.id] = info;
    }
    // A cluster that is on the list twice tells it once, and the window's own is told of otherwise.
    if (!m_roster.isShown(path)) return;
    for (const ReleaseNotice::Kind kind : noticesBetween(before, info)) {
        if (ReleaseNoticeWords::wantsAttention(kind))
            Q_EMIT happened({m_roster.nameOf(path), path, {kind, info}});
    }
}

}  // namespace ifrit::gui::presenters
