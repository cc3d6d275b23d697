// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <map>
#include <utility>

#include "gui/presenters/fleet_notices.h"
#include "gui/presenters/release_notices.h"

class QSystemTrayIcon;

namespace ifrit::gui::app {

/// Where a notice appears outside of the window; false where there is no such place.
class DesktopBell {
public:
    virtual ~DesktopBell() = default;
    /// `clicked` when the person acts on it, or on one before it: QSystemTrayIcon and what is
    /// under it on each platform do not tell which.
    virtual bool ring(const QString& title, const QString& text, std::function<void()> clicked) = 0;
};

/// The notification area of the desktop, which hands on to its notification service where there is
/// one. The icon is shown from the first notice on.
class TrayBell final : public QObject, public DesktopBell {
    Q_OBJECT
public:
    explicit TrayBell(QObject* parent = nullptr) : QObject(parent) {}
    bool ring(const QString& title, const QString& text, std::function<void()> clicked) override;

private:
    QSystemTrayIcon* m_icon = nullptr;
    std::function<void()> m_clicked;
};

/// Tells people that a gate waits or tripped, a release is over, or a campaign wants one of them:
/// in the window while it is looked at, else on the desktop, and in the window where the desktop
/// has no place for it. Of another cluster than the window's own with its name.
class Notifier : public QObject {
    Q_OBJECT
public:
    struct Cluster {
        QString name;
        QString bundlePath;  ///< two clusters may have one name
    };
    struct Parts {
        DesktopBell& bell;
        std::function<bool()> wanted;                  ///< by the settings
        std::function<bool()> looking;                 ///< the window is in front
        std::function<void(const QString&)> tell;      ///< in the window
        std::function<void(const QString&)> takeBack;  ///< what was told there is not so any more
        std::function<Cluster()> cluster;              ///< that the window is connected to
        std::function<void(const Cluster&, const QString& id)> open;  ///< the release, there
    };
    Notifier(presenters::ReleaseWatch& releases, Parts parts, QObject* parent = nullptr);
    /// Tells what these tell, too.
    void follow(presenters::FleetNotices& others);
    /// Of something else than a release; `clicked` shows it.
    void say(const QString& title, const QString& sentence, std::function<void()> clicked);

private:
    void happened(const presenters::ReleaseNotice& notice, const Cluster& cluster,
                  const QString& sentence);
    Parts m_parts;
    int m_rung = 0;
    /// What was said last of each release, by the bundle of its cluster and its id: gone once it
    /// has moved on.
    std::map<std::pair<QString, QString>, QString> m_said;
};

}  // namespace ifrit::gui::app
