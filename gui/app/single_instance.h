// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QString>

namespace ifrit::gui::app {

/// One program for each settings directory of a user: a later start hands its link to the first and
/// ends. What comes over the socket is a link at most; whoever may write there is the same user.
class SingleInstance : public QObject {
    Q_OBJECT
public:
    static constexpr qsizetype kMostBytes = 16 * 1024;

    /// `directory` is the settings'.
    explicit SingleInstance(const QString& directory, QObject* parent = nullptr);

    /// True where another program runs, and has taken the text. Blocks for a second at most.
    bool handOver(const QString& text);
    /// From now on later starts are told here. False: the socket cannot be made; the program runs
    /// all the same, and so will a second one.
    bool listen();
    /// Of the socket, as the system calls it.
    QString name() const { return m_name; }

Q_SIGNALS:
    /// Of a later start: a link, or nothing where it had none.
    void started(const QString& text);

private:
    void take();
    QString m_name;
    QLocalServer m_server;
};

}  // namespace ifrit::gui::app
