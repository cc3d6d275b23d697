// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/ended_line.h"

#include <utility>

#include "gui/presenters/connection_hub.h"

namespace ifrit::gui::presenters {
namespace {

using models::StatusKind;
using services::LinkState;

/// Each is a handshake for a master that refuses it.
constexpr base::Backoff::Policy kTries{std::chrono::seconds(20), std::chrono::minutes(10),
                                       std::chrono::seconds(10)};

}  // namespace

EndedLine::EndedLine(base::UniformRandom random) : m_backoff(kTries, std::move(random)) {}

void EndedLine::end(By by, const absl::Status& why, base::WallTime now) {
    m_by = by;
    m_why = why;
    m_next.reset();
    if (!isStranger()) m_next = now + m_backoff.next();
}

void EndedLine::follow(const services::LinkStatus& link, By by, base::WallTime now) {
    switch (link.state) {
        case LinkState::Connected:
            return stand();
        case LinkState::Connecting:
            return begin();
        case LinkState::Stale:
        case LinkState::Reconnecting:
            return clear();
        case LinkState::Disconnected:
            // What a session says before its connect() took effect is not news.
            if (!link.lastError.ok()) end(by, link.lastError, now);
    }
}

void EndedLine::clear() {
    m_why = absl::OkStatus();
    m_next.reset();
}

void EndedLine::stand() {
    clear();
    m_backoff.reset();
}

bool EndedLine::isStranger() const {
    return m_by != By::Nothing && absl::IsUnauthenticated(m_why) &&
           !ConnectionHub::isDisabled(m_why);
}

models::StatusLook EndedLine::lookOf(By by, const absl::Status& why) {
    if (by == By::Nothing) return {StatusKind::Fail, tr("bundle file not readable")};
    if (ConnectionHub::isDisabled(why)) return {StatusKind::Fail, tr("account disabled")};
    switch (why.code()) {
        case absl::StatusCode::kUnauthenticated:
            if (by == By::Password) return {StatusKind::None, tr("not signed in")};
            return {StatusKind::Fail, tr("certificate refused")};
        case absl::StatusCode::kPermissionDenied:
            return {StatusKind::Fail, tr("not allowed")};
        case absl::StatusCode::kUnimplemented:
            return {StatusKind::Fail, tr("of another version")};
        default:
            return {StatusKind::Fail, tr("refused")};
    }
}

QString EndedLine::sentence(const models::TimeText& times) const {
    const QString why = look().word;
    if (wantsLogin()) return tr("%1, tried again once you have signed in there").arg(why);
    if (isStranger()) return tr("%1, tried again once its new bundle is imported").arg(why);
    if (!m_next) return tr("%1, tried again now").arg(why);
    return tr("%1, tried again at %2").arg(why, times.at(*m_next));
}

}  // namespace ifrit::gui::presenters
