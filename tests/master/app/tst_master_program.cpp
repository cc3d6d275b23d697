// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <filesystem>

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

#include "ifrit/v1/fleet.grpc.pb.h"
#include "master/auth/certificate_authority.h"
#include "shared/base/status.h"
#include "shared/bundle/bundle.h"
#include "shared/rpc/channel.h"
#include "tests/master/app/master_program.h"

using namespace ifrit;
using namespace ifrit::master;

/// The program that serves, as its user meets it: ports, signals, and what runs beside it.
class TestMasterProgram : public app::MasterProgram {
    Q_OBJECT

private:
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
        const auto channel = ifrit::rpc::makeChannel(
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
    static bool waitFor(QProcess& process, const char* words, QByteArray* said = nullptr) {
        QByteArray log;
        const bool isSaid = QTest::qWaitFor(
            [&] {
                process.waitForReadyRead(20);
                log += process.readAll();
                return log.contains(words);
            },
            30'000);
        if (said != nullptr) *said += log;
        return isSaid;
    }

private Q_SLOTS:
    void init() { begin(); }

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

    /// What the command line says over the file is no change of the file.
    void hangupOfWhatDidNotChangeWarnsOfNothing() {
        makeCluster();
        const auto process = serve();
        QVERIFY(!endpoint(*process).empty());
        QByteArray said;
        for (int time = 0; time < 2; ++time) {
            ::kill(pid_t(process->processId()), SIGHUP);
            QVERIFY(waitFor(*process, "was read again", &said));
        }
        process->terminate();
        QVERIFY(process->waitForFinished(30'000));
        said += process->readAll();
        QVERIFY2(!said.contains("other changes"), said.constData());
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
        const auto stub = v1::Events::NewStub(ifrit::rpc::makeChannel(
            address, {bundle.caPem, bundle.certificatePem, bundle.privateKeyPem}, {}));
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(120));
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
};

QTEST_GUILESS_MAIN(TestMasterProgram)
#include "tst_master_program.moc"
