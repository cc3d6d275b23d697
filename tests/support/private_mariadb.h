// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QTemporaryDir>
#include <string>

namespace ifrit::tests {

/// A real mariadbd of this test's own: data in a fresh directory, reached through a socket in it,
/// and gone with it. It dies with this process, however that ends. Throws where it cannot be
/// started. One thread.
class PrivateMariadb {
public:
    /// `options` go to the server, e.g. "--port=1234". `parent`: where its directory is made;
    /// empty: in memory where the system has such a place.
    explicit PrivateMariadb(QStringList options = {}, const QString& parent = {});
    ~PrivateMariadb();
    PrivateMariadb(const PrivateMariadb&) = delete;
    PrivateMariadb& operator=(const PrivateMariadb&) = delete;

    std::string socket() const;
    static std::string user() { return "ifrit"; }
    static std::string password() { return "pa;ss='word"; }

    /// Makes an empty one and gives its name.
    std::string newDatabase();
    /// A statement as the server's administrator.
    void run(const std::string& sql);

    /// SIGKILL; nothing is written or said.
    void kill();
    /// SIGSTOP and SIGCONT: it is there and says nothing.
    void freeze();
    void thaw();
    bool isRunning();
    /// After kill(), or where it ended: the same data again.
    void start();

private:
    QString path(const char* name) const;
    void makeData();

    const QTemporaryDir m_directory;
    const QStringList m_options;
    QProcess m_process;
    int m_databases = 0;
};

}  // namespace ifrit::tests
