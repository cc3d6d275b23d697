// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpSocket>
#include <QTest>
#include <stdexcept>

#include "master/ops/ops_server.h"
#include "shared/base/status.h"
#include "tests/master/support/fake_identities.h"

using namespace ifrit;
using namespace ifrit::master;

class OpsServerTest : public QObject {
    Q_OBJECT

    services::FakeIdentities m_identities{"test", std::make_shared<storage::MemoryDatabase>()};
    std::unique_ptr<ops::OpsServer> m_server;
    QNetworkAccessManager m_network;

    ops::OpsServer::Parts parts(const std::string& listen) {
        const auto tls = m_identities.issue(crypto::Role::Server, "localhost");
        return {listen, tls.certificatePem, tls.privateKeyPem,
                [](std::string_view path) -> std::optional<ops::Page> {
                    if (path == "/throws") throw std::runtime_error("no");
                    if (path == "/big")
                        return ops::Page{200, "text/plain", std::string(300'000, 'x')};
                    if (path != "/page") return std::nullopt;
                    return ops::Page{503, "text/x-test", "the page\n"};
                }};
    }
    struct Got {
        int status = 0;
        QByteArray type;
        QByteArray body;
    };
    Got ask(const char* path, const QByteArray& verb = "GET", const QByteArray& body = {}) {
        QNetworkRequest request(QUrl(QStringLiteral("https://localhost:%1%2")
                                         .arg(m_server->port())
                                         .arg(QLatin1String(path))));
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setCaCertificates(
            QSslCertificate::fromData(QByteArray::fromStdString(m_identities.ca().certificatePem)));
        request.setSslConfiguration(tls);
        const std::unique_ptr<QNetworkReply> reply(
            m_network.sendCustomRequest(request, verb, body));
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000)) return {};
        return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
                reply->header(QNetworkRequest::ContentTypeHeader).toByteArray(), reply->readAll()};
    }

    /// The certificate that a new connection is shown.
    QByteArray shown() {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setCaCertificates(
            QSslCertificate::fromData(QByteArray::fromStdString(m_identities.ca().certificatePem)));
        QSslSocket socket;
        socket.setSslConfiguration(tls);
        socket.connectToHostEncrypted(QStringLiteral("localhost"), quint16(m_server->port()));
        return socket.waitForEncrypted(20'000) ? socket.peerCertificate().toPem() : QByteArray();
    }

private Q_SLOTS:
    void init() { m_server = ops::OpsServer::start(parts("localhost:0")).value(); }

    void pagesAreServedOverTls() {
        const Got got = ask("/page");
        QCOMPARE(got.status, 503);
        QCOMPARE(got.type, QByteArray("text/x-test"));
        QCOMPARE(got.body, QByteArray("the page\n"));
        QCOMPARE(ask("/big").body.size(), 300'000);
        QCOMPARE(ask("/page?with=query").status, 503);
    }

    void onlyPagesAreReadAndNothingIsTaken() {
        QCOMPARE(ask("/other").status, 404);
        QVERIFY(ask("/other").body.contains("/metrics"));
        const Got head = ask("/page", "HEAD");
        QCOMPARE(head.status, 503);
        QCOMPARE(head.body, QByteArray());
        QCOMPARE(ask("/page", "POST", QByteArray(100'000, 'x')).status, 405);
        QCOMPARE(ask("/page", "DELETE").status, 405);
        QCOMPARE(ask("/throws").status, 500);
        QCOMPARE(ask("/page").status, 503);
    }

    void plaintextIsNotAnswered() {
        QTcpSocket socket;
        socket.connectToHost(QStringLiteral("localhost"), quint16(m_server->port()));
        QVERIFY(socket.waitForConnected(10'000));
        socket.write("GET /page HTTP/1.0\r\n\r\n");
        QVERIFY(socket.waitForBytesWritten(10'000));
        // Served after it, so the other has been looked at.
        QCOMPARE(ask("/page").status, 503);
        socket.waitForReadyRead(1);
        QVERIFY(!socket.readAll().contains("HTTP"));
    }

    void anotherCertificateIsShownOnTheSamePort() {
        const int port = m_server->port();
        const QByteArray first = shown();
        QVERIFY(!first.isEmpty());
        const auto other = m_identities.issue(crypto::Role::Server, "localhost");
        QVERIFY(m_server->show(other.certificatePem, other.privateKeyPem).ok());
        QCOMPARE(m_server->port(), port);
        const QByteArray second = shown();
        QCOMPARE(second, QByteArray::fromStdString(other.certificatePem));
        QVERIFY(second != first);
        // A broken one leaves it with the one before.
        QVERIFY(!m_server->show("no", "no").ok());
        QCOMPARE(shown(), second);
        m_network.clearConnectionCache();
        QCOMPARE(ask("/page").status, 503);
    }

    /// No file can be opened meanwhile: neither the new one nor the one before can be shown.
    void oneThatCouldNotGoOnDoesSoLater() {
        const int port = m_server->port();
        const auto other = m_identities.issue(crypto::Role::Server, "localhost");
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
        const rlimit none{0, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
        const absl::Status refused = m_server->show(other.certificatePem, other.privateKeyPem);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
        QVERIFY(absl::IsUnavailable(refused));
        QVERIFY2(base::messageOf(refused).find("after a reload") != std::string::npos,
                 base::messageOf(refused).c_str());
        QVERIFY(m_server->show(other.certificatePem, other.privateKeyPem).ok());
        QCOMPARE(m_server->port(), port);
        QCOMPARE(shown(), QByteArray::fromStdString(other.certificatePem));
        m_network.clearConnectionCache();
        QCOMPARE(ask("/page").status, 503);
    }

    void badAddressesAreNamed() {
        const std::string taken = "localhost:" + std::to_string(m_server->port());
        const auto second = ops::OpsServer::start(parts(taken)).status();
        QVERIFY(absl::IsUnavailable(second));
        QVERIFY(base::messageOf(second).find(taken) != std::string::npos);
        for (const char* wrong : {"no.such.host.invalid:1", ":1", "localhost:nonsense"}) {
            const auto status = ops::OpsServer::start(parts(wrong)).status();
            QVERIFY2(absl::IsInvalidArgument(status), wrong);
            QVERIFY(base::messageOf(status).find(wrong) != std::string::npos);
        }
    }
};

QTEST_GUILESS_MAIN(OpsServerTest)
#include "tst_ops_server.moc"
