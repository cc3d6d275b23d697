// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/local_log.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QMutexLocker>
#include <QStandardPaths>

#include <algorithm>

#include "gui/models/redacted.h"

namespace ifrit::gui::app {
namespace {

LocalLog* g_messages = nullptr;  // Qt's handler is a plain function
QtMessageHandler g_before = nullptr;

void takeMessage(QtMsgType type, const QMessageLogContext& context, const QString& text) {
    if (g_messages != nullptr && type != QtDebugMsg)
        g_messages->write(QStringLiteral("qt: ") + text);
    if (g_before != nullptr) g_before(type, context, text);
}

QString stateName(const presenters::Operation& operation) {
    using State = presenters::Operation::State;
    switch (operation.state) {
        case State::Running:
            return QStringLiteral("running");
        case State::Done:
            return QStringLiteral("done");
        case State::Failed:
            return QStringLiteral("failed");
        case State::Cancelled:
            break;
    }
    return QStringLiteral("cancelled");
}

}  // namespace

LocalLog::LocalLog(const QString& path, QObject* parent) : QObject(parent), m_file(path) {
    QDir().mkpath(QFileInfo(path).absolutePath());
    if (m_file.open(QIODevice::Append | QIODevice::Text))
        m_file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

LocalLog::~LocalLog() {
    if (g_messages != this) return;
    qInstallMessageHandler(g_before);
    g_messages = nullptr;
}

void LocalLog::takeMessages() {
    g_messages = this;
    g_before = qInstallMessageHandler(takeMessage);
}

void LocalLog::write(const QString& line) {
    const QMutexLocker lock(&m_mutex);
    if (!m_file.isOpen()) return;
    QString clean = models::redacted(line);
    clean.replace(QLatin1Char('\n'), QLatin1Char(' '));
    m_file.write((QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs) + QLatin1Char(' ') +
                  clean + QLatin1Char('\n'))
                     .toUtf8());
    m_file.flush();
    if (m_file.size() > kMostBytes) rotate();
}

void LocalLog::rotate() {
    const QString path = m_file.fileName();
    m_file.close();
    QFile::remove(path + QStringLiteral(".1"));
    QFile::rename(path, path + QStringLiteral(".1"));
    if (m_file.open(QIODevice::Append | QIODevice::Text))
        m_file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

QString LocalLog::tail(qint64 bytes) const {
    QFile file(m_file.fileName());
    if (!file.open(QIODevice::ReadOnly)) return {};
    const bool cut = file.size() > bytes;
    file.seek(std::max<qint64>(0, file.size() - bytes));
    QByteArray text = file.readAll();
    // Not from the middle of a line.
    if (cut) text.remove(0, text.indexOf('\n') + 1);
    return QString::fromUtf8(text);
}

void LocalLog::told(const presenters::Operation& operation) {
    QString line = QStringLiteral("call %1: %2, cluster %3, request %4")
                       .arg(stateName(operation), operation.what.text(), operation.cluster,
                            models::toText(operation.requestId));
    if (!operation.status.ok())
        line += QStringLiteral(": ") + models::toText(operation.status.ToString());
    write(line);
}

void LocalLog::follow(presenters::ConnectionHub& hub, presenters::OperationLog& operations) {
    connect(&hub, &presenters::ConnectionHub::linkChanged, this,
            [this, &hub, last = services::LinkState::Disconnected]() mutable {
                const services::LinkState now = hub.link().state;
                if (std::exchange(last, now) == now) return;
                write(QStringLiteral("line to %1: %2 %3")
                          .arg(models::toText(hub.profile().bundle.cluster),
                               models::toText(services::nameOf(now)),
                               models::toText(hub.link().lastError.ToString())));
            });
    connect(&operations, &presenters::OperationLog::ended, this, &LocalLog::told);
}

QString LocalLog::pathFor(const QString& settingsDirectory, bool ownSettings) {
    const QString name = QStringLiteral("desktop.log");
    if (ownSettings) return QDir(settingsDirectory).filePath(name);
#ifdef Q_OS_LINUX
    const QString state = qEnvironmentVariable("XDG_STATE_HOME");
    const QString base =
        state.isEmpty() ? QDir::homePath() + QStringLiteral("/.local/state") : state;
    return QDir(base).filePath(QStringLiteral("ifrit/") + name);
#else
    return QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation))
        .filePath(name);
#endif
}

}  // namespace ifrit::gui::app
