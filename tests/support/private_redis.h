// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>
#include <memory>
#include <string>
#include <vector>

namespace ifrit::tests {

/// A real redis-server of this test's own, reached through a socket in a fresh directory and gone
/// with it. It dies with this process, however that ends. Throws where it cannot be started. One
/// thread.
class PrivateRedis {
public:
    /// `options` go to the server, e.g. "--requirepass", "secret".
    explicit PrivateRedis(QStringList options = {});
    ~PrivateRedis();
    PrivateRedis(const PrivateRedis&) = delete;
    PrivateRedis& operator=(const PrivateRedis&) = delete;

    std::string socket() const;
    /// What redis-cli prints; the options of a server with a password are not for this.
    std::string run(const QStringList& command, const QByteArray& input = {});

    /// SIGKILL. What it held is gone: it writes nothing to the disk.
    void kill();
    /// SIGSTOP and SIGCONT: it is there and says nothing.
    void freeze();
    void thaw();
    /// After kill().
    void start();

private:
    QString path(const char* name) const;

    const QTemporaryDir m_directory;
    const QStringList m_options;
    QProcess m_process;
};

/// A real sentinel that watches one primary under the name "ifrit", and fails over quickly, once
/// `quorum` of those that watch it find it gone.
class PrivateSentinel {
public:
    /// `password`: what it asks everybody for; empty: nothing.
    explicit PrivateSentinel(int primaryPort, int quorum = 1, const QString& password = {});
    ~PrivateSentinel();
    PrivateSentinel(const PrivateSentinel&) = delete;
    PrivateSentinel& operator=(const PrivateSentinel&) = delete;

    std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }

private:
    const QTemporaryDir m_directory;
    const int m_port;
    QProcess m_process;
};

/// A primary, a replica that follows it, and three sentinels, of which two must agree.
class RedisWithSentinels {
public:
    RedisWithSentinels();

    /// "host:port" of each sentinel.
    std::vector<std::string> addresses() const;

private:
    const int m_port;

public:
    PrivateRedis primary;
    PrivateRedis replica;

private:
    std::vector<std::unique_ptr<PrivateSentinel>> m_sentinels;
};

/// A port of 127.0.0.1 that nobody listened on a moment ago.
int freePort();

}  // namespace ifrit::tests
