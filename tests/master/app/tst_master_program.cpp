// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <fstream>

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include "ifrit/v1/fleet.grpc.pb.h"
#include "master/app/master_files.h"
#include "master/auth/certificate_authority.h"
#include "master/storage/sql/connection.h"
#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/bundle/bundle.h"
#include "shared/rpc/channel.h"
#include "tests/support/built_programs.h"

using namespace ifrit;
using namespace ifrit::master;

/// The program itself, as its user meets it: exit codes, what it prints, and signals.
class TestMasterProgram : public QObject {
    Q_OBJECT

private:
    struct Done {
        int code = -1;
        QString out;
        QString error;
    };
    static QString program() {
        return QString::fromStdString(ifrit::tests::built("bin/ifrit-master"));
    }
    QString directory() const { return m_directory->filePath(QStringLiteral("m")); }
    app::MasterFiles files() const { return app::MasterFiles(directory().toStdString()); }

    Done run(const QStringList& arguments) const {
        QProcess process;
        process.start(program(), arguments);
        if (!process.waitForFinished(30'000)) return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    Done on(const QString& command, const QStringList& rest = {}) const {
        return run(QStringList(command.split(QLatin1Char(' ')))
                   << QStringLiteral("--dir") << directory() << rest);
    }
    void makeCluster() {
        const Done made = on(QStringLiteral("init"),
                             {QStringLiteral("--cluster"), QStringLiteral("demo"),
                              QStringLiteral("--address"), QStringLiteral("127.0.0.1:7443")});
        QVERIFY2(made.code == 0, qPrintable(made.error));
        setInConfig(
            "[metrics]\n# host:port of https /metrics, /healthz, /readyz; empty: none\n"
            "listen = \"127.0.0.1:7444\"",
            "[metrics]\nlisten = \"\"");
    }
    void setInConfig(const std::string& from, const std::string& to) const {
        std::string text = *base::readFile(files().config().string(), 65'536);
        const std::size_t at = text.find(from);
        QVERIFY2(at != std::string::npos, from.c_str());
        std::ofstream(files().config()) << text.replace(at, from.size(), to);
    }
    std::unique_ptr<QProcess> serve() {
        auto process = std::make_unique<QProcess>();
        process->setProcessChannelMode(QProcess::MergedChannels);
        process->start(program(), {QStringLiteral("serve"), QStringLiteral("--dir"), directory(),
                                   QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")});
        return process;
    }
    /// Of the serving process once it is ready; empty when it never is.
    std::string endpoint(QProcess& process) {
        QFile file(QString::fromStdString(files().endpoint().string()));
        const QDeadlineTimer deadline(30'000);
        while (!deadline.hasExpired() && process.state() != QProcess::NotRunning) {
            if (file.open(QIODevice::ReadOnly)) return file.readAll().trimmed().toStdString();
            process.waitForFinished(20);
        }
        return {};
    }
    /// True when a TLS connection with the admin's certificate comes about.
    bool answers(const std::string& address) {
        const auto bundle = bundle::readBundleFile(files().adminBundle());
        if (!bundle.ok()) return false;
        const auto channel = rpc::makeChannel(
            address, {bundle->caPem, bundle->certificatePem, bundle->privateKeyPem}, {});
        return channel->WaitForConnected(std::chrono::system_clock::now() +
                                         std::chrono::seconds(10));
    }

    /// The certificate that a new connection is shown; empty: none came about.
    QByteArray shownOn(const std::string& address) const {
        const QString text = QString::fromStdString(address).trimmed();
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setCaCertificates(
            QSslCertificate::fromPath(QString::fromStdString(files().caCertificate().string())));
        tls.setAllowedNextProtocols({"h2"});
        QSslSocket socket;
        socket.setSslConfiguration(tls);
        socket.connectToHostEncrypted(text.section(QLatin1Char(':'), 0, 0),
                                      text.section(QLatin1Char(':'), 1).toUShort());
        return socket.waitForEncrypted(30'000) ? socket.peerCertificate().toPem() : QByteArray();
    }
    /// Until the process has printed that since the last time.
    static bool waitFor(QProcess& process, const char* words) {
        QByteArray log;
        return QTest::qWaitFor(
            [&] {
                process.waitForReadyRead(20);
                log += process.readAll();
                return log.contains(words);
            },
            30'000);
    }

    std::unique_ptr<QTemporaryDir> m_directory;

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    void helpAndVersionAreComplete() {
        const Done version = run({QStringLiteral("--version")});
        QCOMPARE(version.code, 0);
        QVERIFY(version.out.startsWith(QStringLiteral("ifrit-master ")));
        const Done help = run({QStringLiteral("--help")});
        QCOMPARE(help.code, 0);
        for (const char* command :
             {"init", "serve", "migrate", "backup", "restore", "check-config", "print-config",
              "join-token", "revoke-machine", "user", "publisher-key"}) {
            QVERIFY2(help.out.contains(QLatin1String(command)), command);
            const Done own = run({QLatin1String(command), QStringLiteral("--help")});
            QCOMPARE(own.code, 0);
            QVERIFY(own.out.contains(QStringLiteral("--dir")) ||
                    own.out.contains(QStringLiteral("Subcommands")));
        }
        QVERIFY(help.out.contains(QStringLiteral("4 migrate --check")));
        const Done fly = run({QStringLiteral("fly")});
        QCOMPARE(fly.code, 2);
        QVERIFY2(fly.error.contains(QStringLiteral("'ifrit-master fly' is no command")) &&
                     fly.error.contains(QStringLiteral("add-master")),
                 qPrintable(fly.error));
        const Done user = run({QStringLiteral("user")});
        QCOMPARE(user.code, 2);
        QVERIFY2(user.error.contains(QStringLiteral("'ifrit-master user' alone is no command")),
                 qPrintable(user.error));
        const Done none = run({});
        QCOMPARE(none.code, 2);
        QCOMPARE(none.error, help.out);
        const Done word = run({QStringLiteral("help")});
        QCOMPARE(word.code, 0);
        QCOMPARE(word.out, help.out);
        QCOMPARE(run({QStringLiteral("help"), QStringLiteral("init")}).out,
                 run({QStringLiteral("init"), QStringLiteral("--help")}).out);
        // What a command wants is said by its own words.
        const Done bare = run({QStringLiteral("serve")});
        QCOMPARE(bare.code, 2);
        QVERIFY2(bare.error.contains(QStringLiteral("--dir")), qPrintable(bare.error));
    }

    void whatWasTypedWrongIsAMatterOfUsage_data() {
        QTest::addColumn<QStringList>("arguments");
        const auto row = [](const char* line) {
            QTest::newRow(line) << QString::fromLatin1(line).split(QLatin1Char(' '));
        };
        row("init --cluster De_mo! --address a:1");
        row("init --cluster demo --address ::1:17555");
        row("init --cluster demo --address a:b:c:80");
        row("init --cluster demo --address a:1 --kind live");
        row("join-token --ttl 8d");
        row("join-token --ttl long");
        row("join-token --uuid bad_uuid!");
        row("join-token --uuid m-1 --count 2");
        row("revoke-machine --uuid bad_uuid! --reason sold");
        row("user add An:na");
        row("init --cluster demo --address a:1 --admin An:na");
        row("serve --listen a");
        row("user add x --role king");
    }
    void whatWasTypedWrongIsAMatterOfUsage() {
        QFETCH(QStringList, arguments);
        const Done done = run(QStringList(arguments) << QStringLiteral("--dir") << directory());
        QVERIFY2(done.code == 2, qPrintable(done.error));
        QVERIFY2(done.error.contains(QStringLiteral("--help'")), qPrintable(done.error));
        QVERIFY(!QFile::exists(directory()));
    }

    void aDirectoryThatIsNotThereIsAFailure_data() {
        QTest::addColumn<QString>("command");
        QTest::addColumn<int>("code");
        const auto row = [](const char* line, int code) {
            QTest::newRow(line) << QString::fromLatin1(line) << code;
        };
        row("join-token", 1);
        row("user list", 1);
        row("publisher-key list", 1);
        row("revoke-machine --uuid m-1 --reason sold", 1);
        row("backup --out there", 1);
        row("migrate", 1);
        row("ring --batches 2 --reason more", 1);
        row("add-master --address b:1 --out there", 1);
        // What they are about is the configuration.
        row("serve", 78);
        row("check-config", 78);
    }
    void aDirectoryThatIsNotThereIsAFailure() {
        QFETCH(QString, command);
        QFETCH(int, code);
        const Done done = on(command);
        QVERIFY2(done.code == code, qPrintable(done.error));
        QCOMPARE(done.error.contains(QStringLiteral("DIRECTORY_MISSING")), code == 1);
    }

    void theDatabaseIsAFileOfThisMachine() {
        QVERIFY(QDir().mkpath(directory()));
        const Done done = on(QStringLiteral("join-token"));
        QVERIFY2(done.code == 1, qPrintable(done.error));
        QVERIFY(done.error.contains(QStringLiteral("DATABASE_MISSING")));
    }

    /// Operators look for it, and for what the pages say of it.
    void anErrorHasItsReason() {
        makeCluster();
        const Done unknown = on(QStringLiteral("user passwd"), {QStringLiteral("bob")});
        QCOMPARE(unknown.code, 3);
        QVERIFY2(unknown.error.endsWith(QStringLiteral("(NOT_FOUND OPERATOR_UNKNOWN)\n")),
                 qPrintable(unknown.error));
        // A file of this machine is nothing that the cluster does not have.
        const Done file =
            on(QStringLiteral("publisher-key add"), {QStringLiteral("--name"), QStringLiteral("x"),
                                                     directory() + QStringLiteral("/no.pem")});
        QCOMPARE(file.code, 1);
        QVERIFY2(file.error.contains(QStringLiteral("(NOT_FOUND SYSTEM)")), qPrintable(file.error));
    }

    void servesUntilToldToStop() {
        makeCluster();
        const auto process = serve();
        const std::string address = endpoint(*process);
        QVERIFY2(!address.empty(), process->readAll().constData());
        QVERIFY(!QByteArray::fromStdString(address).endsWith(":0"));
        QVERIFY(answers(address));
        process->terminate();
        QVERIFY(process->waitForFinished(30'000));
        QCOMPARE(process->exitStatus(), QProcess::NormalExit);
        QCOMPARE(process->exitCode(), 0);
        QVERIFY(!std::filesystem::exists(files().endpoint()));
    }

    void monitoringIsServedWhereItIsAskedFor() {
        makeCluster();
        const auto metricsFile = files().metricsEndpoint();
        {
            const auto without = serve();
            QVERIFY(!endpoint(*without).empty());
            QVERIFY(!std::filesystem::exists(metricsFile));
            without->terminate();
            QVERIFY(without->waitForFinished(30'000));
        }
        setInConfig("[metrics]\nlisten = \"\"", "[metrics]\nlisten = \"127.0.0.1:0\"");
        const auto process = serve();
        QVERIFY(!endpoint(*process).empty());
        std::ifstream file(metricsFile);
        std::string address;
        QVERIFY(static_cast<bool>(std::getline(file, address)));
        QVERIFY(!address.empty() && address.find(":0") == std::string::npos);
        process->terminate();
        QVERIFY(process->waitForFinished(30'000));
        QVERIFY(!std::filesystem::exists(metricsFile));
    }

    void aMetricsPortThatIsTakenKeepsNobodyFromBeingServed() {
        makeCluster();
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        setInConfig("[metrics]\nlisten = \"\"",
                    "[metrics]\nlisten = \"127.0.0.1:" + std::to_string(other.serverPort()) + '"');
        const auto process = serve();
        const std::string address = endpoint(*process);
        QVERIFY(!address.empty());
        QVERIFY(answers(address));
        QVERIFY(!std::filesystem::exists(files().metricsEndpoint()));
        // A reload has no pages to show another certificate on.
        ::kill(pid_t(process->processId()), SIGHUP);
        QVERIFY(waitFor(*process, "was read again"));
        process->terminate();
        QVERIFY(process->waitForFinished(30'000));
        QCOMPARE(process->exitCode(), 0);
    }

    void hangupTakesTheLogsLevel() {
        makeCluster();
        const auto process = serve();
        QVERIFY(!endpoint(*process).empty());
        const auto says = [&process](const char* words) { return waitFor(*process, words); };
        setInConfig("level = \"info\"", "level = \"shout\"");
        ::kill(pid_t(process->processId()), SIGHUP);
        QVERIFY(says("all stays as it was"));
        setInConfig("level = \"shout\"", "level = \"debug\"");
        ::kill(pid_t(process->processId()), SIGHUP);
        QVERIFY(says("was read again"));
        setInConfig("workers = 8", "workers = 9");
        ::kill(pid_t(process->processId()), SIGHUP);
        QVERIFY(says("take effect when ifrit-master is started again"));
        process->terminate();
        QVERIFY(process->waitForFinished(30'000));
    }

    /// New connections see the new one on both ports, a stream that stands goes on, and what cannot
    /// be used changes nothing.
    void hangupShowsANewCertificate() {
        makeCluster();
        setInConfig("[metrics]\nlisten = \"\"", "[metrics]\nlisten = \"127.0.0.1:0\"");
        const auto process = serve();
        const std::string address = endpoint(*process);
        QVERIFY2(!address.empty(), process->readAll().constData());
        const std::string metrics = *base::readFile(files().metricsEndpoint(), 100);
        const QByteArray first = shownOn(address);
        QVERIFY(!first.isEmpty());
        QCOMPARE(shownOn(metrics), first);
        const auto bundle = bundle::readBundleFile(files().adminBundle()).value();
        const auto stub = v1::Events::NewStub(rpc::makeChannel(
            address, {bundle.caPem, bundle.certificatePem, bundle.privateKeyPem}, {}));
        grpc::ClientContext context;
        rpc::setDeadline(context, std::chrono::seconds(120));
        const auto stream = stub->WatchEvents(&context, {});
        v1::ClusterEvent event;
        QVERIFY(stream->Read(&event));

        const base::SystemClock clock;
        const auth::CertificateAuthority authority("demo", files().readCa().value(), {});
        const auto made = authority.issueServer("127.0.0.1", {"127.0.0.1"}, clock.now()).value();
        const auto put = [this](const std::string& certificate, const std::string& key) {
            std::ofstream(files().serverCertificate()) << certificate;
            std::ofstream(files().serverKey()) << key;
        };
        put(made.credentials.certificatePem, made.credentials.privateKeyPem);
        ::kill(pid_t(process->processId()), SIGHUP);
        QVERIFY(waitFor(*process, "new connections see it"));
        const QByteArray second = shownOn(address);
        QVERIFY(!second.isEmpty() && second != first);
        QCOMPARE(shownOn(metrics), second);
        QVERIFY(answers(address));
        QVERIFY2(stream->Read(&event), "the stream goes on");

        const auto other = authority.issueServer("127.0.0.1", {"127.0.0.1"}, clock.now()).value();
        for (const std::string& broken : {other.credentials.certificatePem, std::string("no")}) {
            put(broken, made.credentials.privateKeyPem);
            ::kill(pid_t(process->processId()), SIGHUP);
            QVERIFY(waitFor(*process, "the certificate stays as it was"));
            QCOMPARE(shownOn(address), second);
            QCOMPARE(shownOn(metrics), second);
        }
        QVERIFY(stream->Read(&event));
        context.TryCancel();
        process->terminate();
        QVERIFY(process->waitForFinished(30'000));
    }

    void hangupOpensTheLogAgain() {
        makeCluster();
        const QString log = m_directory->filePath(QStringLiteral("master.log"));
        const QString moved = log + QStringLiteral(".1");
        setInConfig("[log]\n", "[log]\nfile = \"" + log.toStdString() + "\"\n");
        const auto process = serve();
        QVERIFY(!endpoint(*process).empty());
        const auto holds = [](const QString& path, const char* words) {
            QFile file(path);
            return file.open(QIODevice::ReadOnly) && file.readAll().contains(words);
        };
        QVERIFY(QFileInfo(log).size() > 0);
        QVERIFY(QFile::rename(log, moved));
        ::kill(pid_t(process->processId()), SIGHUP);
        QVERIFY(QTest::qWaitFor([&] { return holds(log, "was read again"); }, 30'000));
        QVERIFY(!holds(moved, "was read again"));
        process->terminate();
        QVERIFY(process->waitForFinished(30'000));
    }

    // Two would run the same releases from two memories.
    void secondServerIsRefusedAndTheFirstGoesOn() {
        makeCluster();
        const auto first = serve();
        const std::string address = endpoint(*first);
        QVERIFY(!address.empty());
        const auto second = serve();
        QVERIFY(second->waitForFinished(30'000));
        QCOMPARE(second->exitCode(), 75);
        QVERIFY(second->readAll().contains(QByteArray::number(first->processId())));
        QCOMPARE(endpoint(*first), address);
        QVERIFY(answers(address));
        first->kill();
        QVERIFY(first->waitForFinished(30'000));
        // Killed, it left its endpoint; who waits for the next one must not find it.
        const auto third = serve();
        QVERIFY(third->waitForStarted());
        const QDeadlineTimer deadline(30'000);
        std::string next = endpoint(*third);
        while (next == address && !deadline.hasExpired()) {
            third->waitForFinished(20);
            next = endpoint(*third);
        }
        QVERIFY(!next.empty() && next != address);
        QVERIFY(answers(next));
        third->terminate();
        QVERIFY(third->waitForFinished(30'000));
    }

    void commandsWorkBesideARunningServer() {
        makeCluster();
        const auto process = serve();
        QVERIFY(!endpoint(*process).empty());
        const Done tokens =
            on(QStringLiteral("join-token"), {QStringLiteral("--count"), QStringLiteral("3")});
        QCOMPARE(tokens.code, 0);
        const QStringList lines = tokens.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        for (const QString& line : lines)
            QVERIFY(line.startsWith(QStringLiteral("ifritjoin_demo.")));
        QCOMPARE(on(QStringLiteral("user add"), {QStringLiteral("alice")}).code, 0);
        const Done twice = on(QStringLiteral("user add"), {QStringLiteral("alice")});
        QCOMPARE(twice.code, 1);
        QVERIFY(twice.error.contains(QStringLiteral("alice")));
        QCOMPARE(on(QStringLiteral("user passwd"), {QStringLiteral("bob")}).code, 3);
        QCOMPARE(on(QStringLiteral("user disable"), {QStringLiteral("alice")}).code, 0);
        QVERIFY(on(QStringLiteral("user list"))
                    .out.contains(QStringLiteral("alice\treader\tdisabled")));
        QCOMPARE(on(QStringLiteral("user enable"), {QStringLiteral("alice")}).code, 0);
        const Done last = on(QStringLiteral("user disable"), {QStringLiteral("admin")});
        QCOMPARE(last.code, 1);
        QVERIFY(last.error.contains(QStringLiteral("last super admin")));
        QCOMPARE(on(QStringLiteral("revoke-machine"),
                    {QStringLiteral("--uuid"), QStringLiteral("m-1"), QStringLiteral("--reason"),
                     QStringLiteral("stolen")})
                     .code,
                 3);
        process->terminate();
        QVERIFY(process->waitForFinished(30'000));
    }

    void badConfigurationIs78WithFileLineAndKey() {
        makeCluster();
        QCOMPARE(on(QStringLiteral("check-config")).code, 0);
        const QString path = QString::fromStdString(files().config().string());
        QFile config(path);
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("workers = 4\nlissten = \"127.0.0.1:0\"\n");
        config.close();
        for (const char* command : {"check-config", "print-config", "serve"}) {
            const Done done = on(QLatin1String(command));
            QCOMPARE(done.code, 78);
            QVERIFY2(done.error.contains(path + QStringLiteral(":2")), qPrintable(done.error));
            QVERIFY2(done.error.contains(QStringLiteral("lissten")), qPrintable(done.error));
            QVERIFY2(done.error.contains(QStringLiteral("'listen'")) ||
                         done.error.contains(QStringLiteral("listen?")),
                     qPrintable(done.error));
        }
    }

    void missingClusterSaysWhatToDo() {
        const Done serving = on(QStringLiteral("serve"));
        QCOMPARE(serving.code, 78);
        QVERIFY(serving.error.contains(QStringLiteral("ifrit-master init")));
        const Done token = on(QStringLiteral("join-token"));
        QCOMPARE(token.code, 1);
        QVERIFY(token.error.contains(QStringLiteral("ifrit-master init")));
        QVERIFY(!QFile::exists(directory()));
    }

    void databaseOfANewerMasterIsRefused() {
        makeCluster();
        {
            auto connection = storage::sql::Connection::open(
                storage::sql::sqlitePlace(files().database().string(),
                                          std::chrono::milliseconds(1'000)),
                storage::sql::Connection::Use::Write);
            QVERIFY(connection.ok());
            QVERIFY((*connection)
                        ->execute("INSERT INTO schema_versions (number, name, applied_ms) VALUES "
                                  "(99, 'later', 0)")
                        .ok());
        }
        for (const char* command : {"serve", "migrate", "join-token"}) {
            const Done done = on(QLatin1String(command));
            QCOMPARE(done.code, 1);
            QVERIFY2(done.error.contains(QStringLiteral("99")), qPrintable(done.error));
        }
    }
};

QTEST_GUILESS_MAIN(TestMasterProgram)
#include "tst_master_program.moc"
