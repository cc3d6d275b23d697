// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/auth/signer.h"
#include "tests/master/support/manual_clock.h"

using namespace ifrit;
using namespace ifrit::master;

class TestSigner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyMasterOfAClusterIsBelieved() {
        const services::ManualClock clock;
        const auto ca = crypto::createCa("demo", clock.now(), std::chrono::hours(24 * 365)).value();
        const auth::CertificateAuthority first("demo", ca, {});
        const auth::CertificateAuthority second("demo", ca, {});
        auth::Signer one(first, "one", clock);
        auth::Signer two(second, "two", clock);
        for (auth::Signer* signer : {&one, &two}) {
            const auto seal = signer->sign("receipt 1", "done");
            QVERIFY(seal.ok());
            const auto name = crypto::verifyStatement("receipt 1", "done", *seal,
                                                      {ca.certificatePem, "demo", clock.now()});
            QVERIFY(name.ok());
            QCOMPARE(*name, std::string(signer == &one ? "one" : "two"));
        }
    }

    void theKeyIsRenewedBeforeItsCertificateEnds() {
        services::ManualClock clock;
        const auto ca =
            crypto::createCa("demo", clock.now(), std::chrono::hours(24 * 3650)).value();
        const auth::CertificateAuthority authority("demo", ca, {});
        auth::Signer signer(authority, "one", clock);
        const auto first = signer.sign("receipt 1", "done").value();
        clock.advance(std::chrono::hours(24));
        QCOMPARE(signer.sign("receipt 1", "done")->certificatePem, first.certificatePem);
        for (int week = 0; week < 60; ++week) {
            clock.advance(std::chrono::hours(7 * 24));
            const auto seal = signer.sign("receipt 1", "done");
            QVERIFY(seal.ok());
            QVERIFY(crypto::verifyStatement("receipt 1", "done", *seal,
                                            {ca.certificatePem, "demo", clock.now()})
                        .ok());
        }
    }

    void anyHostNameFitsIntoACertificate() {
        QCOMPARE(auth::signerName("db-1.example", "3f2a9c01-aaaa"),
                 std::string("db-1.example.3f2a9c01"));
        QCOMPARE(auth::signerName("a,b/c d", "1"), std::string("a-b-c-d.1"));
        QCOMPARE(auth::signerName("", "1"), std::string("master.1"));
        QVERIFY(auth::signerName(std::string(500, 'x'), "1").size() < 100);
    }
};

QTEST_GUILESS_MAIN(TestSigner)
#include "tst_signer.moc"
