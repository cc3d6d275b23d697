// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QString>

#include "gui/app/start_request.h"

namespace ifrit::gui::app {

/// One program for each settings directory of a user: a later start hands what it is to show to the
/// first and ends. What comes over the socket is a StartRequest at most; whoever may write there is
/// the same user.
class SingleInstance : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype kMostBytes = 16 * 1024;

    /// `directory` is the settings'.
    explicit SingleInstance(const QString& directory, QObject* parent = nullptr);

    /// True where another program runs, and has taken it. Blocks for some seconds at most.
    bool handOver(const StartRequest& request);
    /// From now on later starts are told here. False: the socket cannot be made; the program runs
    /// all the same, and so will a second one.
    bool listen();
    /// Of the socket, as the system calls it.
    QString name() const { return m_name; }

Q_SIGNALS:
    /// Of a later start; empty where it only comes to the front.
    void started(const ifrit::gui::app::StartRequest& request);

private:
    void take();
    QString m_name;
    QLocalServer m_server;
};

}  // namespace ifrit::gui::app
