// SPDX-License-Identifier: Apache-2.0
#include "tests/support/private_mariadb.h"

#include <csignal>

#include <QDir>
#include <QFile>
#include <QLocalSocket>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <stdexcept>

#include "tests/support/private_process.h"

namespace ifrit::tests {
namespace {

constexpr int kPatience = 60'000;

QByteArray read(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return "cannot read " + path.toUtf8();
    return file.readAll();
}

/// What every server of ours gets: small, alone, and read from no configuration of the machine.
/// Without io_uring, which kernels and containers limit in their own ways: a server whose write
/// fails for that aborts.
/// A server that starts removes the temporary tables that it finds in its `temporary` directory, of
/// others that run too.
QStringList arguments(const QString& data, const QString& temporary) {
    return {QStringLiteral("--no-defaults"),
            QStringLiteral("--user=root"),
            QStringLiteral("--datadir=") + data,
            QStringLiteral("--tmpdir=") + temporary,
            QStringLiteral("--innodb-log-file-size=4M"),
            QStringLiteral("--innodb-buffer-pool-size=16M"),
            QStringLiteral("--innodb-use-native-aio=OFF"),
            QStringLiteral("--performance-schema=off")};
}

}  // namespace

PrivateMariadb::PrivateMariadb(QStringList options, const QString& parent)
    : m_directory(parent.isEmpty() ? fastDirectory(QStringLiteral("ifrit-mariadb"))
                                   : parent + QStringLiteral("/mariadb-XXXXXX")),
      m_options(std::move(options)) {
    makeData();
    start();
}

PrivateMariadb::~PrivateMariadb() {
    if (m_process.state() != QProcess::NotRunning) kill();
}

QString PrivateMariadb::path(const char* name) const {
    return m_directory.filePath(QLatin1String(name));
}

std::string PrivateMariadb::socket() const {
    return path("socket").toStdString();
}

void PrivateMariadb::makeData() {
    QDir().mkdir(path("data"));
    QDir().mkdir(path("tmp"));
    QFile users(path("users.sql"));
    (void)users.open(QIODevice::WriteOnly);
    users.write(
        "CREATE OR REPLACE USER 'ifrit'@'localhost' IDENTIFIED BY 'pa;ss=\\'word';\n"
        "GRANT ALL ON `ifrit\\_%`.* TO 'ifrit'@'localhost';\n"
        "CREATE OR REPLACE USER 'ifrit'@'127.0.0.1' IDENTIFIED BY 'pa;ss=\\'word';\n"
        "GRANT ALL ON `ifrit\\_%`.* TO 'ifrit'@'127.0.0.1';\n"
        "CREATE OR REPLACE USER 'admin'@'localhost' IDENTIFIED BY 'admin';\n"
        "GRANT ALL ON *.* TO 'admin'@'localhost';\n");
    users.close();
    QProcess bootstrap;
    bootstrap.setProcessChannelMode(QProcess::MergedChannels);
    bootstrap.start(QStringLiteral("/usr/sbin/mariadbd"), arguments(path("data"), path("tmp"))
                                                              << QStringLiteral("--bootstrap"));
    bootstrap.write("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n" +
                    read(QStringLiteral("/usr/share/mysql/mysql_system_tables.sql")));
    bootstrap.closeWriteChannel();
    if (!bootstrap.waitForFinished(kPatience) || bootstrap.exitCode() != 0)
        throw std::runtime_error("mariadbd --bootstrap: " + bootstrap.readAll().toStdString());
}

void PrivateMariadb::start() {
    const auto option = [this](const char* name, const char* file) {
        return QStringLiteral("--%1=%2").arg(QLatin1String(name), path(file));
    };
    QStringList all = arguments(path("data"), path("tmp"));
    all << option("socket", "socket") << option("pid-file", "pid") << option("log-error", "log.err")
        << option("init-file", "users.sql");
    if (m_options.filter(QStringLiteral("--port")).isEmpty())
        all << QStringLiteral("--skip-networking");
    QFile::remove(path("socket"));
    startWithUs(m_process, QStringLiteral("/usr/sbin/mariadbd"), all << m_options);
    const auto answers = [this] {
        QLocalSocket socket;
        socket.connectToServer(path("socket"));
        // Its greeting: until the users are there it does not listen.
        return socket.waitForConnected(100) && socket.waitForReadyRead(1'000);
    };
    if (!awaitProcess(m_process, answers, kPatience))
        throw std::runtime_error("mariadbd: " + read(path("log.err")).toStdString());
}

std::string PrivateMariadb::newDatabase() {
    std::string name = "ifrit_" + std::to_string(++m_databases);
    run("CREATE DATABASE " + name);
    return name;
}

void PrivateMariadb::run(const std::string& sql) {
    std::string error;
    {
        QSqlDatabase database =
            QSqlDatabase::addDatabase(QStringLiteral("QMYSQL"), QStringLiteral("admin"));
        database.setUserName(QStringLiteral("admin"));
        database.setPassword(QStringLiteral("admin"));
        database.setConnectOptions(QStringLiteral("UNIX_SOCKET=") + path("socket"));
        if (!database.open()) {
            error = database.lastError().text().toStdString();
        } else {
            QSqlQuery query(database);
            if (!query.exec(QString::fromStdString(sql)))
                error = query.lastError().text().toStdString();
        }
    }
    QSqlDatabase::removeDatabase(QStringLiteral("admin"));
    if (error.empty()) return;
    // Of a server that ended by itself nothing else is left to tell why.
    if (!isRunning()) error += "; mariadbd ended: " + read(path("log.err")).toStdString();
    throw std::runtime_error(sql + ": " + error);
}

void PrivateMariadb::kill() {
    m_process.kill();
    m_process.waitForFinished(kPatience);
}

bool PrivateMariadb::isRunning() {
    return !m_process.waitForFinished(0) && m_process.state() != QProcess::NotRunning;
}

void PrivateMariadb::freeze() {
    ::kill(static_cast<pid_t>(m_process.processId()), SIGSTOP);
}

void PrivateMariadb::thaw() {
    ::kill(static_cast<pid_t>(m_process.processId()), SIGCONT);
}

}  // namespace ifrit::tests
