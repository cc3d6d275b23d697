// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <unistd.h>

#include <QDirIterator>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QSslConfiguration>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <fstream>
#include <map>
#include <sstream>

#include <ifrit/v1/access.grpc.pb.h>
#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/machine_link.grpc.pb.h>
#include <ifrit/v1/packages.grpc.pb.h>
#include <ifrit/v1/sessions.grpc.pb.h>

#include "shared/base/ids.h"
#include "shared/bundle/bundle.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/channel.h"
#include "tests/fault/child_process.h"
#include "tests/support/built_programs.h"
#include "tests/support/fault_row.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/private_redis.h"

using namespace ifrit;
using namespace ifrit::tests;

namespace {

constexpr char kCachePassword[] = "cache-hunter2-cache";

std::string text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

/// The middle of a PEM block: enough to know it by.
std::string bodyOf(const std::string& pem) {
    const std::size_t begin = pem.find('\n');
    return pem.substr(begin + 1, 48);
}

std::string line(std::string out) {
    while (!out.empty() && (out.back() == '\n' || out.back() == ' '))
        out.pop_back();
    return out;
}

}  // namespace

/// Row H4: a real master that was told secrets, and everything that it left.
class TestSecretFaults : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    std::unique_ptr<PrivateMariadb> m_mariadb;
    std::unique_ptr<PrivateRedis> m_redis;
    std::string m_databaseName;
    std::unique_ptr<ChildProcess> m_master;
    std::map<std::string, std::string> m_secrets;  ///< what it is, and the secret
    std::string m_errors;                          ///< every sentence that a caller was told

    std::string path(const char* name) const {
        return m_directory.filePath(QLatin1String(name)).toStdString();
    }
    std::string run(const std::vector<std::string>& command) {
        std::vector<std::string> all = {tests::built("bin/ifrit-master")};
        all.insert(all.end(), command.begin(), command.end());
        all.insert(all.end(), {"--dir", path("master")});
        const std::string log = path("command.out");
        QFile::remove(QString::fromStdString(log));
        ChildProcess process(all, log);
        if (process.wait() != 0) qFatal("%s: %s", command[0].c_str(), text(log).c_str());
        const std::string out = text(log);
        // What a command prints once is for the person in front of it; it is not what is left.
        QFile::remove(QString::fromStdString(log));
        return out;
    }
    std::string endpoint(const char* name) const {
        return line(text(path("master") + "/run/" + name));
    }
    std::shared_ptr<grpc::Channel> channel(const std::string& certificate = {},
                                           const std::string& key = {}) const {
        return ifrit::rpc::makeChannel(endpoint("endpoint"),
                                       {text(path("master") + "/ca.pem"), certificate, key}, {});
    }
    void told(const grpc::Status& status) { m_errors += status.error_message() + "\n"; }

    void serve() {
        m_mariadb = std::make_unique<PrivateMariadb>();
        m_redis = std::make_unique<PrivateRedis>(
            QStringList{QStringLiteral("--requirepass"), QLatin1String(kCachePassword)});
        m_databaseName = m_mariadb->newDatabase();
        ::setenv("IFRIT_STORE_PASSWORD", PrivateMariadb::password().c_str(), 1);
        ::setenv("IFRIT_CACHE_PASSWORD", kCachePassword, 1);
        std::ofstream(path("master.toml"))
            << "listen = \"127.0.0.1:0\"\n[store]\nkind = \"mariadb\"\nsocket = \""
            << m_mariadb->socket() << "\"\ndatabase = \"" << m_databaseName << "\"\nuser = \""
            << PrivateMariadb::user() << "\"\n[cache]\nkind = \"redis\"\nsocket = \""
            << m_redis->socket() << "\"\n[metrics]\nlisten = \"127.0.0.1:0\"\n"
            << "[log]\nlevel = \"trace\"\nformat = \"json\"\n";
        const std::string init = run({"init", "--cluster", "faults", "--address", "127.0.0.1:7443",
                                      "--config", path("master.toml")});
        remember("the first admin's password", passwordIn(init));
        remember("the store's password", PrivateMariadb::password());
        remember("the cache's password", kCachePassword);
        for (const char* file : {"ca.key.pem", "server.key.pem"})
            remember(file, bodyOf(text(path("master") + "/" + file)));
        m_master = std::make_unique<ChildProcess>(
            std::vector<std::string>{tests::built("bin/ifrit-master"), "serve", "--dir",
                                     path("master")},
            path("master.log"));
        QTRY_VERIFY_WITH_TIMEOUT(!endpoint("metrics").empty() && !endpoint("endpoint").empty(),
                                 60'000);
    }
    void remember(const std::string& what, const std::string& secret) {
        if (secret.size() < 8) qFatal("%s: '%s' is no secret", what.c_str(), secret.c_str());
        m_secrets[what] = secret;
    }
    /// Of "password of ada: ...", as the commands say it once; "": they did not.
    static std::string passwordIn(const std::string& said) {
        const std::size_t line = said.find("password of ");
        if (line == std::string::npos) return {};
        std::istringstream rest(said.substr(said.find(": ", line) + 2));
        std::string word;
        rest >> word;
        return word;
    }

    /// The line that is one word; what a command says beside it goes to its other output.
    static std::string loneWordIn(const std::string& said) {
        std::istringstream lines(said);
        std::string line;
        while (std::getline(lines, line)) {
            if (!line.empty() && line.find(' ') == std::string::npos) return line;
        }
        return {};
    }

    v1::LoginResponse login(const std::string& user, const std::string& password) {
        v1::LoginRequest request;
        request.set_user(user);
        request.set_password(password);
        v1::LoginResponse response;
        grpc::ClientContext context;
        told(v1::Sessions::NewStub(channel())->Login(&context, request, &response));
        return response;
    }
    void enrol(const std::string& token, const std::string& uuid, const std::string& key,
               v1::EnrolResponse* response) {
        v1::EnrolRequest request;
        request.set_join_token(token);
        request.set_uuid(uuid);
        request.set_csr_pem(crypto::createCsr(key, uuid).value());
        request.mutable_facts()->set_machine_type("LINUX");
        grpc::ClientContext context;
        told(v1::Enrolment::NewStub(channel())->Enrol(&context, request, response));
    }

    template <typename Request, typename Response>
    Response ask(const std::string& token,
                 grpc::Status (v1::Access::Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                 Request request) {
        request.mutable_mutation()->set_request_id(base::randomUuid());
        // What widens access wants it again of who came with a token.
        request.mutable_mutation()->set_password(m_secrets["an operator's password"]);
        grpc::ClientContext context;
        ifrit::rpc::setBearer(context, token);
        Response response;
        const auto stub = v1::Access::NewStub(channel());
        const grpc::Status status = (stub.get()->*method)(&context, request, &response);
        if (!status.ok()) qFatal("%s", status.error_message().c_str());
        return response;
    }

    /// What a super admin is given over the network, once.
    void askForSecrets(const std::string& token) {
        v1::CreateTokenRequest program;
        program.set_label("nightly");
        program.set_lifetime_ms(3'600'000);
        program.set_password(m_secrets["an operator's password"]);
        remember("a program's token", ask(token, &v1::Access::Stub::CreateToken, program).secret());
        const std::string key = crypto::generatePrivateKey().value();
        remember("an operator's key", bodyOf(key));
        v1::IssueCertificateRequest certificate;
        certificate.set_csr_pem(crypto::createCsr(key, "ada").value());
        QVERIFY(!ask(token, &v1::Access::Stub::IssueCertificate, certificate)
                     .certificate_pem()
                     .empty());
        remember("a second operator's password", loneWordIn(run({"user", "add", "bob"})));
        v1::SetPasswordRequest password;
        password.set_name("bob");
        remember("a password that the master made",
                 ask(token, &v1::Access::Stub::SetPassword, password).password());
        remember("a chosen password", "chosen-correct-horse");
        password.set_password("chosen-correct-horse");
        (void)ask(token, &v1::Access::Stub::SetPassword, password);
    }

    /// Everything that a person or a machine does with a secret, right and wrong.
    void useSecrets() {
        const std::string added = run({"user", "add", "ada", "--role", "super_admin"});
        remember("an operator's password", loneWordIn(added));
        const v1::LoginResponse session = login("ada", m_secrets["an operator's password"]);
        remember("a session token", session.token());
        askForSecrets(session.token());
        remember("a wrong password", "wrong-guess-77");
        (void)login("ada", "wrong-guess-77");
        (void)login("nobody", "wrong-guess-77");
        const std::string token = loneWordIn(run({"join-token"}));
        remember("a join token", token);
        const std::string key = crypto::generatePrivateKey().value();
        remember("a machine's key", bodyOf(key));
        v1::EnrolResponse enrolled;
        enrol(token, "m1", key, &enrolled);
        QVERIFY(!enrolled.certificate_pem().empty());
        v1::EnrolResponse refused;
        enrol(token, "m2", key, &refused);
        const std::string forged = "ifritjoin_faults." + std::string(43, 'q');
        remember("a forged join token", forged);
        enrol(forged, "m3", key, &refused);

        const auto change = [&](const std::string& reason) {
            v1::FreezeClusterRequest request;
            request.mutable_mutation()->set_request_id(base::randomUuid());
            request.mutable_mutation()->set_reason(reason);
            grpc::ClientContext context;
            ifrit::rpc::setBearer(context, session.token());
            v1::Cluster response;
            told(v1::Clusters::NewStub(channel())->FreezeCluster(&context, request, &response));
        };
        // What people paste where it does not belong.
        change("see " + token + " please");
        change("my session is " + session.token());
        change("key:\n" + key.substr(0, 600));
        grpc::ClientContext context;
        ifrit::rpc::setBearer(context, session.token() + "x");
        v1::WhoAmIResponse who;
        told(v1::Sessions::NewStub(channel())->WhoAmI(&context, {}, &who));
        grpc::ClientContext leaving;
        ifrit::rpc::setBearer(leaving, session.token());
        v1::LogoutResponse left;
        told(v1::Sessions::NewStub(channel())->Logout(&leaving, {}, &left));
        remember("a new password", loneWordIn(run({"user", "passwd", "ada"})));
        run({"check-config"});
    }

    std::string metrics() const {
        QNetworkAccessManager network;
        QNetworkRequest request(QUrl(
            QStringLiteral("https://%1/metrics").arg(QString::fromStdString(endpoint("metrics")))));
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setCaCertificates(
            QSslCertificate::fromPath(QString::fromStdString(path("master") + "/ca.pem")));
        request.setSslConfiguration(tls);
        const std::unique_ptr<QNetworkReply> reply(network.get(request));
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000)) qFatal("no metrics");
        return reply->readAll().toStdString();
    }

    /// Keys and values of Redis, of which there are no others than texts.
    std::string redisContent() {
        ::setenv("REDISCLI_AUTH", kCachePassword, 1);
        return m_redis->run({QStringLiteral("EVAL"),
                             QStringLiteral("local out = {} "
                                            "for _, key in ipairs(redis.call('KEYS', '*')) do "
                                            "out[#out + 1] = key "
                                            "out[#out + 1] = redis.call('GET', key) end "
                                            "return out"),
                             QStringLiteral("0")});
    }

    /// Name and content of everything that a master left, but the files that are for secrets.
    std::map<std::string, std::string> remains() {
        std::map<std::string, std::string> out;
        out["log"] = text(path("master.log"));
        out["errors"] = m_errors;
        out["metrics"] = metrics();
        QDirIterator files(QString::fromStdString(path("master")), QDir::Files | QDir::Hidden,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString file = files.next();
            const QString name = files.fileName();
            if (name == QLatin1String("ca.key.pem") || name == QLatin1String("server.key.pem") ||
                name == QLatin1String("admin.bundle"))
                continue;
            out["file " + name.toStdString()] = text(file.toStdString());
        }
        out["redis"] = redisContent();
        const QString connection = QStringLiteral("remains");
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QMYSQL"), connection);
            database.setConnectOptions(
                QStringLiteral("UNIX_SOCKET=%1").arg(QString::fromStdString(m_mariadb->socket())));
            database.setUserName(QString::fromStdString(PrivateMariadb::user()));
            database.setPassword(QString::fromStdString(PrivateMariadb::password()));
            database.setDatabaseName(QString::fromStdString(m_databaseName));
            if (!database.open()) qFatal("%s", qPrintable(database.lastError().text()));
            for (const QString& table : database.tables()) {
                QSqlQuery query(database);
                if (!query.exec(QStringLiteral("SELECT * FROM %1").arg(table))) qFatal("no table");
                QByteArray rows;
                while (query.next()) {
                    for (int i = 0; i < query.record().count(); ++i)
                        rows += query.value(i).toByteArray() + '\n';
                }
                out["table " + table.toStdString()] = rows.toStdString();
            }
        }
        QSqlDatabase::removeDatabase(connection);
        return out;
    }

private Q_SLOTS:
    void noSecretIsLeft() {
        serve();
        useSecrets();
        const auto left = remains();
        QVERIFY(left.at("log").size() > 1'000);
        QVERIFY(left.at("metrics").find("ifrit_rpc_calls_total") != std::string::npos);
        QVERIFY(left.at("table audit_rows").find("***") != std::string::npos);
        QVERIFY(left.at("errors").size() > 100);
        QVERIFY2(left.at("redis").find("{ifrit:faults}:") != std::string::npos,
                 left.at("redis").c_str());
        FaultTally places;
        for (const auto& [what, secret] : m_secrets) {
            for (const auto& [where, content] : left)
                places.count(content.find(secret) == std::string::npos, what + " is in " + where);
        }
        places.print("H4", "secrets",
                     "times " + std::to_string(m_secrets.size()) + " secrets were not in " +
                         std::to_string(left.size()) + " logs, tables, files, metrics and errors");
        QCOMPARE(places.failed(), std::string());
    }

    void aCrashLeavesNoMemory() {
        if (!m_master) serve();
        const std::string limits = text("/proc/" + std::to_string(m_master->pid()) + "/limits");
        const std::size_t core = limits.find("Max core file size");
        QVERIFY(core != std::string::npos);
        std::istringstream values(limits.substr(core + std::strlen("Max core file size")));
        std::string soft;
        std::string hard;
        values >> soft >> hard;
        FaultTally ways;
        ways.count(soft == "0", "the soft limit of a core file is " + soft);
        ways.count(hard == "0", "the hard limit of a core file is " + hard);
        m_master->signal(SIGABRT);
        QCOMPARE(m_master->wait(), 128 + SIGABRT);
        QDirIterator cores(m_directory.path(), {QStringLiteral("core*")}, QDir::Files,
                           QDirIterator::Subdirectories);
        ways.count(!cores.hasNext(), "SIGABRT left a core file");
        ways.print("H4", "crash dump",
                   "ways to one are closed: both limits of a core file, and the file itself after "
                   "SIGABRT");
        QCOMPARE(ways.failed(), std::string());
    }
};

QTEST_GUILESS_MAIN(TestSecretFaults)
#include "tst_secret_faults.moc"
