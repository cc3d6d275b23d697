// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "master/app/cluster_init.h"
#include "master/app/server_certificate.h"
#include "shared/base/atomic_file.h"
#include "shared/base/status.h"
#include "shared/crypto/host_name.h"
#include "shared/crypto/password.h"

using namespace ifrit;
using namespace ifrit::master::app;
using Days = std::chrono::duration<int, std::ratio<86'400>>;

class TestServerCertificate : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    base::WallTime m_made{};

    MasterFiles files() const { return MasterFiles(m_directory.path().toStdString() + "/m"); }
    crypto::Credentials held() const { return files().readServer().value(); }
    crypto::Credentials at(base::WallTime now) const {
        const master::auth::CertificateAuthority authority("demo", files().readCa().value(), {});
        return serverCertificate(files(), authority, now).value();
    }
    static base::WallTime endOf(const crypto::Credentials& server) {
        return crypto::describeCertificate(server.certificatePem)->notAfter;
    }

private Q_SLOTS:
    void init() {
        std::filesystem::remove_all(files().directory());
        InitRequest request;
        request.directory = files().directory();
        request.cluster = "demo";
        request.addresses = {"master.example:7443", "192.0.2.7:7443", "[2001:db8::7]:7443"};
        request.passwordCost = crypto::PasswordCost::Least;
        const base::SystemClock clock;
        m_made = clock.now();
        QVERIFY(initCluster(request, clock).ok());
    }

    void aYoungOneStays() {
        const crypto::Credentials before = held();
        QCOMPARE(at(m_made + Days(300)).certificatePem, before.certificatePem);
        QCOMPARE(held().certificatePem, before.certificatePem);
    }

    void anOldOneIsSignedAnewForTheSameKeyAndNames_data() {
        QTest::addColumn<int>("days");
        QTest::newRow("in its last third") << 700;
        QTest::newRow("ended") << 900;
    }
    void anOldOneIsSignedAnewForTheSameKeyAndNames() {
        QFETCH(int, days);
        const crypto::Credentials before = held();
        const base::WallTime now = m_made + Days(days);
        const crypto::Credentials after = at(now);
        QCOMPARE(after.privateKeyPem, before.privateKeyPem);
        QVERIFY(endOf(after) > now + Days(800));
        const std::vector<std::string> hosts{"master.example", "192.0.2.7", "2001:db8::7"};
        QCOMPARE(crypto::hostsOf(after.certificatePem), hosts);
        QVERIFY(
            crypto::verifyCertificate(after.certificatePem, files().readCa()->certificatePem, now)
                .ok());
        QCOMPARE(crypto::parseIdentity(after.certificatePem)->name,
                 crypto::parseIdentity(before.certificatePem)->name);
        // It is what the next start finds, and stays then.
        QCOMPARE(held().certificatePem, after.certificatePem);
        QCOMPARE(at(now).certificatePem, after.certificatePem);
    }

    void oneOfAnotherAuthorityStays() {
        const auto other = crypto::createCa("demo", m_made, std::chrono::hours(24 * 3'650));
        const auto server = crypto::issue(*other, {crypto::Role::Server,
                                                   "demo",
                                                   "master",
                                                   {"master.example"},
                                                   m_made,
                                                   std::chrono::hours(24 * 30)});
        QVERIFY(server.ok());
        QVERIFY(base::writeFileAtomically(files().serverCertificate().string(),
                                          server->certificatePem, 0644)
                    .ok());
        QVERIFY(base::writeFileAtomically(files().serverKey().string(), server->privateKeyPem, 0600)
                    .ok());
        QCOMPARE(at(m_made + Days(29)).certificatePem, server->certificatePem);
        QCOMPARE(held().certificatePem, server->certificatePem);
    }
};

QTEST_GUILESS_MAIN(TestServerCertificate)
#include "tst_server_certificate.moc"
