// SPDX-License-Identifier: Apache-2.0
#include <grpc/grpc_security_constants.h>

#include <QTest>

#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master::rpc;

class TestShownChain : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Who knows only the address compares the fingerprint of what is shown here. OpenSSL adds it
    /// of itself, from the roots that clients are verified with; it must stay so.
    void theCaIsShownBehindTheServersOwn() {
        ServerFixture fixture;
        const auto sessions = v1::Sessions::NewStub(fixture.root());
        grpc::ClientContext context;
        v1::WhoAmIResponse out;
        // Whatever is answered: the certificates came before.
        (void)sessions->WhoAmI(&context, {}, &out);
        const auto shown =
            context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_CHAIN_PROPERTY_NAME);
        QCOMPARE(shown.size(), std::size_t{1});
        const std::string chain(shown.front().data(), shown.front().size());
        const std::string& ca = fixture.identities.ca().certificatePem;
        QVERIFY2(chain.size() > ca.size() && chain.ends_with(ca), chain.c_str());
        fixture.stop();
    }

    /// Else it would listen, and each handshake would fail.
    void whatCannotBeShownIsSaidAtTheStart() {
        ServerFixture fixture;
        const auto own = fixture.identities.issue(crypto::Role::Server, "localhost");
        const auto other = fixture.identities.issue(crypto::Role::Server, "localhost");
        const std::string& ca = fixture.identities.ca().certificatePem;
        const auto start = [&fixture](ifrit::rpc::TlsIdentity tls) {
            ServerDependencies dependencies{
                *fixture.database, fixture.database->trail, fixture.identities, fixture.audit,
                fixture.trustDesk, fixture.cache,           fixture.clock,      {}};
            dependencies.tls = std::move(tls);
            dependencies.listen = "127.0.0.1:0";
            dependencies.packageDirectory = fixture.directory;
            dependencies.cluster = {"test", "test", "0.1", {4, 64, 1}};
            return Server::start(std::move(dependencies)).status();
        };
        QVERIFY(!start({ca, own.certificatePem, other.privateKeyPem}).ok());
        QVERIFY(!start({"nothing", own.certificatePem, own.privateKeyPem}).ok());
        QVERIFY(start({ca, own.certificatePem, own.privateKeyPem}).ok());
        fixture.stop();
    }
};

QTEST_GUILESS_MAIN(TestShownChain)
#include "tst_shown_chain.moc"
