// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/window_status.h"

#include <QWidget>

#include "gui/widgets/window_lines.h"

namespace ifrit::gui::app {
namespace {

using models::grouped;
using models::StatusKind;
using models::StatusLook;
using services::LinkState;

StatusLook lookOf(const presenters::ConnectionHub& hub) {
    if (!hub.hasSession()) return {StatusKind::None, WindowStatus::tr("not connected")};
    const services::LinkStatus& link = hub.link();
    switch (link.state) {
        case LinkState::Connected:
            return {StatusKind::Ok,
                    link.latency ? WindowStatus::tr("connected, %1 ms").arg(link.latency->count())
                                 : WindowStatus::tr("connected")};
        case LinkState::Connecting:
            return {StatusKind::Run, hub.linkSentence()};
        case LinkState::Stale:
            return {StatusKind::Wait, hub.linkSentence()};
        case LinkState::Reconnecting:
        case LinkState::Disconnected:
            break;
    }
    return {StatusKind::Fail, hub.linkSentence()};
}

}  // namespace

WindowStatus::WindowStatus(const Desktop& desktop, Parts parts, QWidget* window)
    : QObject(window), m_desktop(desktop), m_parts(std::move(parts)), m_window(window) {
    connect(&desktop.hub, &presenters::ConnectionHub::linkChanged, this, &WindowStatus::update);
    connect(&desktop.hub, &presenters::ConnectionHub::identityChanged, this, &WindowStatus::update);
    connect(&desktop.feed, &presenters::FleetFeed::figuresChanged, this, &WindowStatus::update);
    connect(&desktop.times, &models::TimeText::changed, this, &WindowStatus::update);
    connect(&desktop.hub, &presenters::ConnectionHub::secondPassed, this, &WindowStatus::update);
}

QString WindowStatus::connectionText() const {
    const presenters::ConnectionHub& hub = m_desktop.hub;
    if (!hub.hasSession()) return {};
    QString text = models::toText(hub.profile().bundle.cluster);
    if (hub.identity()) text += QStringLiteral(" · ") + models::toText(hub.identity()->user);
    if (hub.profile().readOnly) text += tr(" · read-only");
    return text;
}

QStringList WindowStatus::facts() const {
    const models::FleetStore& store = m_desktop.feed.store();
    if (!store.loaded()) return {};
    return {tr("generation %1").arg(grouped(static_cast<qint64>(store.generation()))),
            tr("%1 machine(s)", "", models::pluralOf(store.size())).arg(grouped(store.size()))};
}

void WindowStatus::update() {
    const presenters::ConnectionHub& hub = m_desktop.hub;
    const QString place = m_parts.place();
    m_parts.title.setPlace(place);
    m_parts.title.setConnection(connectionText(), hub.hasSession() && hub.isProduction());
    m_parts.status.setConnection(lookOf(hub));
    m_parts.status.setFacts(facts());
    m_parts.status.setOld(hub.hasSession() && !hub.isConnected());
    m_parts.status.setTimeZone(m_desktop.times.zoneText());
    m_window->setWindowTitle(QStringLiteral("%1 – ifrit").arg(place));
}

}  // namespace ifrit::gui::app
