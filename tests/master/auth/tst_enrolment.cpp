// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <atomic>
#include <functional>
#include <thread>

#include "master/auth/enrolment.h"
#include "master/auth/machine_revocation.h"
#include "master/auth/revocations.h"
#include "master/auth/tokens.h"
#include "shared/base/call_details.h"
#include "tests/master/auth/auth_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::auth;

namespace {

/// Does something once, right before the first transaction that writes.
class HookedDatabase final : public storage::Database {
public:
    HookedDatabase(storage::Database& real, std::function<void()> hook)
        : m_real(real), m_hook(std::move(hook)) {}
    int hooked = 0;

    absl::Status transact(const Work& work) override {
        if (hooked++ == 0) m_hook();
        return m_real.transact(work);
    }
    absl::Status read(const Work& work) override { return m_real.read(work); }

private:
    storage::Database& m_real;
    const std::function<void()> m_hook;
};

}  // namespace

class TestEnrolment : public QObject {
    Q_OBJECT

private:
    std::string token(const std::string& uuid = {}) {
        storage::JoinTokenRecord like;
        like.uuid = uuid;
        like.createdBy = "alice";
        like.created = m_fixture->clock.now();
        like.expires = like.created + std::chrono::hours(1);
        return makeJoinTokens(*m_fixture->database, m_fixture->trail, "demo", like, 1)
            .value()
            .front();
    }
    Enrolment::Request request(const std::string& joinToken, const std::string& uuid) {
        return {joinToken, m_fixture->csr(), m_fixture->factsOf(uuid), "", "10.0.0.1:5000"};
    }
    absl::StatusOr<CertificateAuthority::Signed> enrol(const std::string& joinToken,
                                                       const std::string& uuid) {
        return m_enrolment->enrol(request(joinToken, uuid));
    }
    absl::StatusOr<CertificateAuthority::Signed> renew(const std::string& uuid,
                                                       const std::string& serialHex) {
        return m_enrolment->renew({uuid, serialHex, m_fixture->csr(), "a:1"});
    }
    std::vector<storage::CertificateRecord> certificatesOf(const std::string& uuid) {
        std::vector<storage::CertificateRecord> out;
        const absl::Status status =
            m_fixture->database->read([&](storage::Transaction& view) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(out, view.certificates().listOf("machine", uuid));
                return absl::OkStatus();
            });
        if (!status.ok()) qFatal("%s", base::messageOf(status).c_str());
        return out;
    }
    bool machineExists(const std::string& uuid) {
        bool found = false;
        const absl::Status status =
            m_fixture->database->read([&](storage::Transaction& view) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(const auto machine, view.machines().find(uuid));
                found = machine.has_value();
                return absl::OkStatus();
            });
        return status.ok() && found;
    }

    std::unique_ptr<AuthFixture> m_fixture;
    std::unique_ptr<Enrolment> m_enrolment;

private Q_SLOTS:
    void init() {
        m_enrolment.reset();
        m_fixture = std::make_unique<AuthFixture>();
        m_enrolment = std::make_unique<Enrolment>(Enrolment::Parts{
            *m_fixture->database, m_fixture->trail, *m_fixture->authority, m_fixture->clock});
    }

    void tokenBuysACertificateThatNamesTheUuid() {
        const auto certificate = enrol(token(), "m-1");
        VERIFY_OK(certificate.status());
        const auto identity = crypto::parseIdentity(certificate->certificatePem);
        VERIFY_OK(identity.status());
        QCOMPARE(identity->name, std::string("m-1"));
        QCOMPARE(identity->cluster, std::string("demo"));
        QVERIFY(identity->role == crypto::Role::Machine);
        VERIFY_OK(crypto::verifyCertificate(certificate->certificatePem,
                                            m_fixture->ca.certificatePem, m_fixture->clock.now()));
        const auto stored = certificatesOf("m-1");
        QCOMPARE(stored.size(), std::size_t{1});
        QCOMPARE(stored[0].serialHex, identity->serialHex);
        QVERIFY(machineExists("m-1"));
        const auto rows = m_fixture->auditRows();
        QCOMPARE(rows.back().entry.verb, std::string("machine.enrol"));
        QCOMPARE(rows.back().entry.result, std::string("allowed"));
        QVERIFY(rows.back().entry.after.find(identity->serialHex) != std::string::npos);
    }

    /// `ifritctl token create` is another kind of token, and session.create in the audit.
    void aJoinTokenIsToldFromOtherTokensInTheAudit() {
        (void)token("m-1");
        const auto rows = m_fixture->auditRows();
        QCOMPARE(rows.back().entry.verb, std::string("join_token.create"));
        QCOMPARE(rows.back().entry.object, std::string("m-1"));
    }

    void tokensThatDoNotFitAreRefused() {
        VERIFY_REASON(enrol("nonsense", "m-1").status(), "TOKEN_MALFORMED");
        VERIFY_REASON(enrol(makeJoinToken("demo"), "m-1").status(), "TOKEN_UNKNOWN");
        VERIFY_REASON(enrol(makeJoinToken("other"), "m-1").status(), "TOKEN_OTHER_CLUSTER");
        VERIFY_REASON(enrol(token("m-2"), "m-1").status(), "TOKEN_OTHER_MACHINE");
        const std::string late = token();
        m_fixture->clock.advance(std::chrono::hours(1));
        const auto expired = enrol(late, "m-1");
        VERIFY_REASON(expired.status(), "TOKEN_EXPIRED");
        QCOMPARE(expired.status().code(), absl::StatusCode::kUnauthenticated);
        Enrolment::Request elsewhere = request(token(), "m-1");
        elsewhere.cluster = "other";
        VERIFY_REASON(m_enrolment->enrol(elsewhere).status(), "TOKEN_OTHER_CLUSTER");
        QVERIFY(!machineExists("m-1"));
        QVERIFY(certificatesOf("m-1").empty());
    }

    void usedTokenIsRefusedAndNamesItsUser() {
        const std::string once = token();
        VERIFY_OK(enrol(once, "m-1").status());
        const auto again = enrol(once, "m-2");
        VERIFY_REASON(again.status(), "TOKEN_USED");
        QVERIFY(base::messageOf(again.status()).find("m-1") != std::string::npos);
        QVERIFY(!machineExists("m-2"));
    }

    void badRequestLeavesTheTokenUsable() {
        const std::string good = token();
        Enrolment::Request bad = request(good, "m-1");
        bad.csrPem = "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----";
        VERIFY_REASON(m_enrolment->enrol(bad).status(), "CSR_INVALID");
        bad = request(good, "m 1");
        VERIFY_REASON(m_enrolment->enrol(bad).status(), "NAME_INVALID");
        bad = request(good, "m-1");
        bad.facts.machineType = "linux";
        VERIFY_REASON(m_enrolment->enrol(bad).status(), "NAME_INVALID");
        VERIFY_OK(enrol(good, "m-1").status());
    }

    void enrolledMachineNeedsATokenThatNamesIt() {
        const auto first = enrol(token(), "m-1");
        VERIFY_OK(first.status());
        const std::string any = token();
        const auto taken = enrol(any, "m-1");
        VERIFY_REASON(taken.status(), "MACHINE_ENROLLED");
        QCOMPARE(taken.status().code(), absl::StatusCode::kAlreadyExists);
        VERIFY_OK(enrol(any, "m-2").status());

        Revocations revocations(*m_fixture->database, m_fixture->clock);
        VERIFY_OK(enrol(token("m-1"), "m-1").status());
        VERIFY_OK(revocations.refresh());
        QVERIFY(revocations.isRevoked(first->record.serialHex));
        const auto all = certificatesOf("m-1");
        QCOMPARE(all.size(), std::size_t{2});
        QCOMPARE(std::count_if(all.begin(), all.end(),
                               [](const auto& one) { return !one.revoked.has_value(); }),
                 std::ptrdiff_t{1});
    }

    // B2: a hundred at once, each as another machine.
    void oneTokenIsOneCertificateHoweverManyTry() {
        constexpr int kTries = 100;
        const std::string once = token();
        std::vector<Enrolment::Request> requests;
        for (int i = 0; i < kTries; ++i)
            requests.push_back(request(once, "m-" + std::to_string(i)));
        std::atomic<int> issued{0};
        std::atomic<int> used{0};
        std::vector<std::thread> threads;
        for (const Enrolment::Request& one : requests) {
            threads.emplace_back([&] {
                const auto certificate = m_enrolment->enrol(one);
                if (certificate.ok()) ++issued;
                if (base::errorInfo(certificate.status()).reason == "TOKEN_USED") ++used;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(issued.load(), 1);
        QCOMPARE(used.load(), kTries - 1);
        std::size_t stored = 0;
        std::size_t machines = 0;
        for (int i = 0; i < kTries; ++i) {
            stored += certificatesOf("m-" + std::to_string(i)).size();
            machines += machineExists("m-" + std::to_string(i)) ? 1 : 0;
        }
        QCOMPARE(stored, std::size_t{1});
        QCOMPARE(machines, std::size_t{1});
        QVERIFY(m_fixture->auditIsIntact());
    }

    // B2: the answer was lost. A hundred tries of one machine are one certificate, too.
    void theSameRequestAgainIsTheSameCertificate() {
        constexpr int kTries = 100;
        const Enrolment::Request one = request(token(), "m-1");
        std::vector<std::string> answers(kTries);
        std::vector<std::thread> threads;
        for (std::string& answer : answers) {
            threads.emplace_back([&] {
                const auto certificate = m_enrolment->enrol(one);
                answer = certificate.ok() ? certificate->certificatePem
                                          : base::messageOf(certificate.status());
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        for (const std::string& answer : answers)
            QCOMPARE(answer, answers.front());
        VERIFY_OK(crypto::verifyCertificate(answers.front(), m_fixture->ca.certificatePem,
                                            m_fixture->clock.now()));
        QCOMPARE(certificatesOf("m-1").size(), std::size_t{1});
        const auto rows = m_fixture->auditRows();
        QCOMPARE(std::count_if(rows.begin(), rows.end(),
                               [](const auto& row) { return row.entry.verb == "machine.enrol"; }),
                 std::ptrdiff_t{1});
    }

    void theTokenIsForItsKeyAndItsTimeAlone() {
        const std::string once = token();
        const Enrolment::Request mine = request(once, "m-1");
        const auto first = m_enrolment->enrol(mine);
        VERIFY_OK(first.status());
        // Another key, and the same key under another name.
        VERIFY_REASON(enrol(once, "m-1").status(), "TOKEN_USED");
        Enrolment::Request other = mine;
        other.facts.uuid = "m-2";
        VERIFY_REASON(m_enrolment->enrol(other).status(), "TOKEN_USED");
        // A CSR that is not signed by the key that it names.
        Enrolment::Request forged = mine;
        const std::size_t at = forged.csrPem.find("\n-----END") - 12;
        forged.csrPem[at] = forged.csrPem[at] == 'A' ? 'B' : 'A';
        VERIFY_REASON(m_enrolment->enrol(forged).status(), "CSR_INVALID");
        const auto again = m_enrolment->enrol(mine);
        VERIFY_OK(again.status());
        QCOMPARE(again->record.serialHex, first->record.serialHex);
        m_fixture->clock.advance(std::chrono::hours(1));
        VERIFY_REASON(m_enrolment->enrol(mine).status(), "TOKEN_USED");
    }

    void aRevokedCertificateIsNotHandedOutAgain() {
        const Enrolment::Request mine = request(token(), "m-1");
        VERIFY_OK(m_enrolment->enrol(mine).status());
        VERIFY_OK(m_fixture->database->transact([&](storage::Transaction& t) {
            return t.certificates()
                .revokeAllOf("machine", "m-1", m_fixture->clock.now(), "stolen")
                .status();
        }));
        VERIFY_REASON(m_enrolment->enrol(mine).status(), "TOKEN_USED");
    }

    void refusalsAreAuditedButCannotFillTheAudit() {
        const std::size_t before = m_fixture->auditRows().size();
        for (int i = 0; i < 100; ++i)
            QVERIFY(!enrol("nonsense\n" + std::string(1'000, 'x'), "m-1").ok());
        const auto rows = m_fixture->auditRows();
        QVERIFY(rows.size() > before);
        QVERIFY(rows.size() < before + 20);
        QCOMPARE(rows.back().entry.result, std::string("denied"));
        QVERIFY(!rows.back().entry.error.empty());
        // A name that is none is not kept.
        (void)enrol("nonsense", std::string(100'000, 'x'));
        for (const auto& row : m_fixture->auditRows())
            QVERIFY(row.entry.actor.size() < 200 && row.entry.error.size() < 1'000);
        // Nor is anybody kept out who has a token.
        VERIFY_OK(enrol(token(), "m-1").status());
    }

    void renewalIsForEnrolledMachinesAndKeepsTheOldCertificate() {
        VERIFY_REASON(renew("m-1", "01").status(), "MACHINE_UNKNOWN");
        const auto first = enrol(token(), "m-1");
        VERIFY_OK(first.status());
        m_fixture->clock.advance(std::chrono::hours(24));
        const auto second = renew("m-1", first->record.serialHex);
        VERIFY_OK(second.status());
        QVERIFY(second->record.notAfter > first->record.notAfter);
        Revocations revocations(*m_fixture->database, m_fixture->clock);
        VERIFY_OK(revocations.refresh());
        QVERIFY(!revocations.isRevoked(first->record.serialHex));
        QCOMPARE(crypto::parseIdentity(second->certificatePem)->name, std::string("m-1"));
        QCOMPARE(m_fixture->auditRows().back().entry.verb, std::string("machine.renew"));
        m_fixture->clock.advance(kLeastBetweenRenewals);
        VERIFY_REASON(
            m_enrolment->renew({"m-1", second->record.serialHex, "no csr", "a:1"}).status(),
            "CSR_INVALID");
    }

    /// FAULTS B5: a thief of a machine's key must not outlive its revocation by renewing.
    void aRevocationWhileARenewalIsSignedHolds() {
        const auto first = enrol(token(), "m-1");
        VERIFY_OK(first.status());
        // Between the signature and the transaction that stores it.
        HookedDatabase hooked(*m_fixture->database, [this] {
            VERIFY_OK(revokeMachine(*m_fixture->database, m_fixture->trail, "m-1", "stolen",
                                    m_fixture->clock.now(), {"root@localhost", "test", "local"})
                          .status());
        });
        Enrolment enrolment({hooked, m_fixture->trail, *m_fixture->authority, m_fixture->clock});
        const auto renewed =
            enrolment.renew({"m-1", first->record.serialHex, m_fixture->csr(), "a:1"});
        QCOMPARE(hooked.hooked, 1);
        VERIFY_REASON(renewed.status(), "CERTIFICATE_REVOKED");
        QCOMPARE(renewed.status().code(), absl::StatusCode::kPermissionDenied);
        const auto all = certificatesOf("m-1");
        QCOMPARE(all.size(), std::size_t{1});
        QVERIFY(all[0].revoked.has_value());
        VERIFY_REASON(renew("m-1", first->record.serialHex).status(), "CERTIFICATE_REVOKED");
        QCOMPARE(certificatesOf("m-1").size(), std::size_t{1});
    }

    void aCertificateThatARestoredDatabaseDoesNotKnowIsRenewed() {
        VERIFY_OK(enrol(token(), "m-1").status());
        VERIFY_OK(renew("m-1", "0123").status());
        VERIFY_OK(revokeMachine(*m_fixture->database, m_fixture->trail, "m-1", "stolen",
                                m_fixture->clock.now(), {"root@localhost", "test", "local"})
                      .status());
        VERIFY_REASON(renew("m-1", "0123").status(), "CERTIFICATE_REVOKED");
    }

    void renewalsOfAMachineThatLoopsAreFew() {
        const auto first = enrol(token(), "m-1");
        VERIFY_OK(first.status());
        VERIFY_OK(renew("m-1", first->record.serialHex).status());
        const auto early = renew("m-1", first->record.serialHex);
        VERIFY_REASON(early.status(), "RENEWED_LATELY");
        QCOMPARE(early.status().code(), absl::StatusCode::kResourceExhausted);
        QVERIFY(base::callDetails(early.status()).retryAfter == kLeastBetweenRenewals);
        // The answer was lost: what the agent waits for is longer.
        m_fixture->clock.advance(kLeastBetweenRenewals);
        VERIFY_OK(renew("m-1", first->record.serialHex).status());
        for (int i = 0; i < 100; ++i) {
            m_fixture->clock.advance(kLeastBetweenRenewals);
            (void)renew("m-1", first->record.serialHex);
        }
        QCOMPARE(certificatesOf("m-1").size(), kMostCertificates);
        // No other is kept waiting.
        const auto other = enrol(token(), "m-2");
        VERIFY_OK(other.status());
        VERIFY_OK(renew("m-2", other->record.serialHex).status());
    }

    void aRevokedMachineNeedsATokenThatNamesIt() {
        const auto first = enrol(token(), "m-1");
        VERIFY_OK(first.status());
        const auto revoke = [&](const std::string& uuid, const std::string& reason) {
            return revokeMachine(*m_fixture->database, m_fixture->trail, uuid, reason,
                                 m_fixture->clock.now(), {"root@localhost", "test", "local"});
        };
        VERIFY_REASON(revoke("m-1", "").status(), "REASON_MISSING");
        VERIFY_REASON(revoke("m-2", "stolen").status(), "MACHINE_UNKNOWN");
        QCOMPARE(revoke("m-1", "stolen").value(), std::uint64_t{1});
        QCOMPARE(m_fixture->auditRows().back().entry.verb, std::string("machine.revoke"));
        QCOMPARE(m_fixture->auditRows().back().entry.reason, std::string("stolen"));
        QCOMPARE(revoke("m-1", "again").value(), std::uint64_t{0});
        Revocations revocations(*m_fixture->database, m_fixture->clock);
        VERIFY_OK(revocations.refresh());
        QVERIFY(revocations.isRevoked(first->record.serialHex));
        VERIFY_REASON(enrol(token(), "m-1").status(), "MACHINE_ENROLLED");
        VERIFY_OK(enrol(token("m-1"), "m-1").status());
    }

    void revocationsStandWhileTheDatabaseIsAway() {
        const auto first = enrol(token(), "m-1");
        VERIFY_OK(first.status());
        Revocations revocations(*m_fixture->database, m_fixture->clock);
        VERIFY_OK(m_fixture->database->transact([&](storage::Transaction& t) {
            return t.certificates()
                .revokeAllOf("machine", "m-1", m_fixture->clock.now(), "stolen")
                .status();
        }));
        QVERIFY(!revocations.isRevoked(first->record.serialHex));
        VERIFY_OK(revocations.refresh());
        QVERIFY(revocations.isRevoked(first->record.serialHex));
        QVERIFY(!revocations.isRevoked("00"));
    }
};

QTEST_GUILESS_MAIN(TestEnrolment)
#include "tst_enrolment.moc"
