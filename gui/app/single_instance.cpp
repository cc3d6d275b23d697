// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/single_instance.h"

#include <QDir>
#include <QLocalSocket>
#include <QTimer>

#include <memory>

#include "shared/base/hashing.h"

namespace ifrit::gui::app {
namespace {

constexpr int kPatienceMs = 1'000;
/// Of one that is busy: it answers from its event loop, and that it draws is no reason for a second
/// window.
constexpr int kAnswerMs = 5'000;

/// Short, as socket paths have a limit, and another for each user and settings directory.
QString nameFor(const QString& directory) {
    const std::string what =
        (QDir(directory).absolutePath() + QLatin1Char('\n') + QDir::homePath()).toStdString();
    return QStringLiteral("ifrit-desktop-%1")
        .arg(static_cast<qulonglong>(base::xxh3(what)), 16, 16, QLatin1Char('0'));
}

}  // namespace

SingleInstance::SingleInstance(const QString& directory, QObject* parent)
    : QObject(parent), m_name(nameFor(directory)) {
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::take);
}

bool SingleInstance::handOver(const StartRequest& request) {
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(kPatienceMs)) return false;
    const QByteArray bytes = request.toLine() + '\n';
    // No link of ours, which the other need not see; files that somebody named are not dropped so.
    if (bytes.size() > kMostBytes) return request.bundles.empty();
    socket.write(bytes);
    // Until it says that it has it: one that hangs is as if there were none.
    if (!socket.waitForBytesWritten(kPatienceMs)) return false;
    return socket.waitForReadyRead(kAnswerMs) && socket.readAll() == "ok\n";
}

bool SingleInstance::listen() {
    if (m_server.listen(m_name)) return true;
    // The rest of a program that was killed: nobody answered there.
    QLocalServer::removeServer(m_name);
    return m_server.listen(m_name);
}

void SingleInstance::take() {
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        auto text = std::make_shared<QByteArray>();
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        // Who says nothing does not hold the socket for ever.
        QTimer::singleShot(kAnswerMs, socket, &QLocalSocket::abort);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket, text] {
            *text += socket->readAll();
            if (text->size() > kMostBytes) {
                socket->abort();
                return;
            }
            const qsizetype end = text->indexOf('\n');
            if (end < 0) return;
            socket->write("ok\n");
            socket->disconnectFromServer();
            const StartRequest request = StartRequest::fromLine(text->left(end));
            text->clear();
            Q_EMIT started(request);
        });
    }
}

}  // namespace ifrit::gui::app
