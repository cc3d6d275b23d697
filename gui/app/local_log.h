// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QMutex>
#include <QObject>
#include <QString>

#include "gui/presenters/connection_hub.h"
#include "gui/presenters/operation_log.h"

namespace ifrit::gui::app {

/// What the program did, in a file of this machine that never leaves it by itself: starts, how the
/// lines are, calls with their request ids, warnings of Qt. Without secrets. When it grows over a
/// mebibyte it becomes desktop.log.1, and the one before that goes.
class LocalLog : public QObject {
    Q_OBJECT
public:
    static constexpr qint64 kMostBytes = 1024 * 1024;

    /// A file that cannot be written is no reason not to start: then there is no log.
    explicit LocalLog(const QString& path, QObject* parent = nullptr);
    ~LocalLog() override;

    QString path() const { return m_file.fileName(); }
    /// One line, with the time before it. Thread-safe.
    void write(const QString& line);
    /// The last lines, at most so many bytes.
    QString tail(qint64 bytes = 64 * 1024) const;
    /// Qt's own messages go there too, until this is gone.
    void takeMessages();
    void follow(presenters::ConnectionHub& hub, presenters::OperationLog& operations);

    /// Where the log lies: beside the settings, where those were given, else in the state
    /// directory.
    static QString pathFor(const QString& settingsDirectory, bool ownSettings);

private:
    void rotate();
    void told(const presenters::Operation& operation);

    QFile m_file;
    QMutex m_mutex;
};

}  // namespace ifrit::gui::app
