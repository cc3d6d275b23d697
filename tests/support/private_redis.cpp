// SPDX-License-Identifier: Apache-2.0
#include "tests/support/private_redis.h"

#include <csignal>

#include <QFile>
#include <QLocalSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <stdexcept>

#include "tests/support/private_process.h"

namespace ifrit::tests {
namespace {

constexpr int kPatience = 30'000;

}  // namespace

PrivateRedis::PrivateRedis(QStringList options)
    : m_directory(fastDirectory(QStringLiteral("ifrit-redis"))), m_options(std::move(options)) {
    // One program under several names; Debian's redis-tools has it without the service.
    QFile::link(QStringLiteral("/usr/bin/redis-check-rdb"), path("redis-server"));
    start();
}

PrivateRedis::~PrivateRedis() {
    if (m_process.state() != QProcess::NotRunning) kill();
}

QString PrivateRedis::path(const char* name) const {
    return m_directory.filePath(QLatin1String(name));
}

std::string PrivateRedis::socket() const {
    return path("socket").toStdString();
}

void PrivateRedis::start() {
    QStringList all = {QStringLiteral("--unixsocket"), path("socket"),
                       QStringLiteral("--dir"),        m_directory.path(),
                       QStringLiteral("--save"),       QString(),
                       QStringLiteral("--logfile"),    path("log")};
    if (!m_options.contains(QStringLiteral("--port")))
        all << QStringLiteral("--port") << QStringLiteral("0");
    QFile::remove(path("socket"));
    startWithUs(m_process, path("redis-server"), all << m_options);
    const auto answers = [this] {
        QLocalSocket socket;
        socket.connectToServer(path("socket"));
        if (!socket.waitForConnected(100)) return false;
        socket.write("PING\r\n");
        return socket.waitForReadyRead(1'000);
    };
    if (awaitProcess(m_process, answers, kPatience)) return;
    QFile log(path("log"));
    (void)log.open(QIODevice::ReadOnly);
    throw std::runtime_error("redis-server: " + log.readAll().toStdString());
}

std::string PrivateRedis::run(const QStringList& command, const QByteArray& input) {
    QProcess client;
    QStringList all = {QStringLiteral("-s"), path("socket")};
    if (!input.isNull()) all << QStringLiteral("-x");
    client.start(QStringLiteral("redis-cli"), all << command);
    client.write(input);
    client.closeWriteChannel();
    if (!client.waitForFinished(kPatience)) throw std::runtime_error("redis-cli hangs");
    return client.readAllStandardOutput().trimmed().toStdString();
}

void PrivateRedis::kill() {
    m_process.kill();
    m_process.waitForFinished(kPatience);
}

void PrivateRedis::freeze() {
    ::kill(static_cast<pid_t>(m_process.processId()), SIGSTOP);
}

void PrivateRedis::thaw() {
    ::kill(static_cast<pid_t>(m_process.processId()), SIGCONT);
}

PrivateSentinel::PrivateSentinel(int primaryPort, int quorum, const QString& password)
    : m_directory(fastDirectory(QStringLiteral("ifrit-sentinel"))), m_port(freePort()) {
    const QString program = m_directory.filePath(QStringLiteral("redis-sentinel"));
    QFile::link(QStringLiteral("/usr/bin/redis-check-rdb"), program);
    QFile config(m_directory.filePath(QStringLiteral("sentinel.conf")));
    (void)config.open(QIODevice::WriteOnly);
    config.write(QStringLiteral("port %1\nbind 127.0.0.1\ndir %2\n"
                                "sentinel monitor ifrit 127.0.0.1 %3 %4\n"
                                "sentinel down-after-milliseconds ifrit 500\n"
                                "sentinel failover-timeout ifrit 3000\n")
                     .arg(m_port)
                     .arg(m_directory.path())
                     .arg(primaryPort)
                     .arg(quorum)
                     .toUtf8());
    if (!password.isEmpty()) config.write("requirepass " + password.toUtf8() + "\n");
    config.close();
    startWithUs(m_process, program, {config.fileName()});
    const auto answers = [this] {
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("127.0.0.1"), static_cast<quint16>(m_port));
        return socket.waitForConnected(100);
    };
    if (!awaitProcess(m_process, answers, kPatience))
        throw std::runtime_error("redis-sentinel does not start");
}

PrivateSentinel::~PrivateSentinel() {
    m_process.kill();
    m_process.waitForFinished(kPatience);
}

namespace {

QStringList onPort(int port, const QStringList& more = {}) {
    return QStringList{QStringLiteral("--bind"), QStringLiteral("127.0.0.1"),
                       QStringLiteral("--port"), QString::number(port)} +
           more;
}

}  // namespace

RedisWithSentinels::RedisWithSentinels()
    : m_port(freePort()),
      primary(onPort(m_port)),
      replica(onPort(freePort(), {QStringLiteral("--replicaof"), QStringLiteral("127.0.0.1"),
                                  QString::number(m_port)})) {
    constexpr int kSentinels = 3;
    constexpr int kQuorum = 2;
    for (int i = 0; i < kSentinels; ++i)
        m_sentinels.push_back(std::make_unique<PrivateSentinel>(m_port, kQuorum));
}

std::vector<std::string> RedisWithSentinels::addresses() const {
    std::vector<std::string> out;
    for (const auto& sentinel : m_sentinels)
        out.push_back(sentinel->address());
    return out;
}

int freePort() {
    QTcpServer server;
    (void)server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

}  // namespace ifrit::tests
