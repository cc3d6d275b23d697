// SPDX-License-Identifier: Apache-2.0
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <QTemporaryDir>
#include <QTest>
#include <sstream>

#include "master/app/certificate_reload.h"
#include "master/app/cluster_init.h"
#include "shared/base/atomic_file.h"
#include "shared/crypto/password.h"
#include "tests/master/rpc/trusted_server.h"

using namespace ifrit;
using namespace ifrit::master::app;
using Days = std::chrono::duration<int, std::ratio<86'400>>;

/// What SIGHUP does with the files of a master that serves.
class TestCertificateReload : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    const base::SystemClock m_clock{};
    std::unique_ptr<master::rpc::TrustedServer> m_serving;  ///< whose port shows them
    std::unique_ptr<master::auth::CertificateAuthority> m_authority;
    crypto::Credentials m_shown;
    std::ostringstream m_said;

    MasterFiles files() const { return MasterFiles(m_directory.path().toStdString() + "/m"); }
    void write(const std::filesystem::path& file, const std::string& text) {
        QVERIFY(base::writeFileAtomically(file.string(), text, 0600).ok());
    }
    void put(const crypto::Credentials& server) {
        write(files().serverCertificate(), server.certificatePem);
        write(files().serverKey(), server.privateKeyPem);
    }
    crypto::Credentials signedFor(Days life) const {
        return crypto::issue(files().readCa().value(), {crypto::Role::Server,
                                                        "demo",
                                                        "master",
                                                        {"master.example"},
                                                        m_clock.now(),
                                                        life})
            .value();
    }
    /// What the log has to say of it.
    std::string reload() {
        m_said.str({});
        reloadCertificate(files(), *m_authority, Config(), m_clock.now(),
                          {*m_serving->server, nullptr}, m_shown);
        return m_said.str();
    }

private Q_SLOTS:
    void initTestCase() {
        m_serving = std::make_unique<master::rpc::TrustedServer>();
        spdlog::set_default_logger(std::make_shared<spdlog::logger>(
            "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(m_said)));
    }
    void init() {
        std::filesystem::remove_all(files().directory());
        InitRequest request;
        request.directory = files().directory();
        request.cluster = "demo";
        request.addresses = {"master.example:7443"};
        request.passwordCost = crypto::PasswordCost::Least;
        QVERIFY(initCluster(request, m_clock).ok());
        m_authority = std::make_unique<master::auth::CertificateAuthority>(
            "demo", files().readCa().value(), master::auth::CertificateAuthority::Lifetimes{});
        m_shown = files().readServer().value();
    }
    void cleanupTestCase() { m_serving.reset(); }

    void whatIsAsItWasIsNotShownAgain() { QCOMPARE(reload(), std::string()); }

    void aNewOneIsShownOnce() {
        const crypto::Credentials next = signedFor(Days(700));
        put(next);
        QVERIFY(reload().find("server.pem was read again") != std::string::npos);
        QCOMPARE(m_shown.certificatePem, next.certificatePem);
        QCOMPARE(m_shown.privateKeyPem, next.privateKeyPem);
        QCOMPARE(reload(), std::string());
    }

    /// What the next signal compares with is what is really shown.
    void whatCannotBeUsedLeavesWhatIsShown() {
        const crypto::Credentials before = m_shown;
        const crypto::Credentials next = signedFor(Days(700));
        write(files().serverCertificate(), next.certificatePem);  // its key is still to come
        QVERIFY(reload().find("stays as it was") != std::string::npos);
        QCOMPARE(m_shown.certificatePem, before.certificatePem);
        QVERIFY(reload().find("stays as it was") != std::string::npos);
        write(files().serverKey(), next.privateKeyPem);
        QVERIFY(reload().find("server.pem was read again") != std::string::npos);
        QCOMPARE(m_shown.certificatePem, next.certificatePem);
    }

    /// Every certificate hangs on it: said, and not taken by halves.
    void aChangedAuthorityNeedsARestart() {
        const crypto::Credentials ca = files().readCa().value();
        const auto other = crypto::createCa("demo", m_clock.now(), Days(700)).value();
        write(files().caCertificate(), ca.certificatePem + other.certificatePem);
        const std::string said = reload();
        QVERIFY2(said.find("ca.pem was changed, which takes effect when ifrit-master is started "
                           "again") != std::string::npos,
                 said.c_str());
        // Each time, until it is.
        QVERIFY(!reload().empty());
        write(files().caCertificate(), ca.certificatePem);
        QCOMPARE(reload(), std::string());
        QVERIFY(std::filesystem::remove(files().caCertificate()));
        QVERIFY(reload().find("ca.pem") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestCertificateReload)
#include "tst_certificate_reload.moc"
