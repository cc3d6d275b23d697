// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "ifrit/v1/audit_heads.grpc.pb.h"
#include "shared/audit/kept_heads.h"
#include "shared/codec/audit_codec.h"
#include "shared/rpc/channel.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master::rpc;
namespace storage = ifrit::master::storage;

class TestAuditHeads : public QObject {
    Q_OBJECT

    std::unique_ptr<ServerFixture> m_fixture;
    std::unique_ptr<v1::AuditHeads::Stub> m_stub;

    void append(const std::string& object) {
        storage::AuditEntry entry;
        entry.at = base::fromUnixMillis(1'700'000'000'000);
        entry.actor = "root";
        entry.verb = "release.start";
        entry.object = object;
        entry.result = "allowed";
        QVERIFY(m_fixture->database->trail.record(*m_fixture->database, entry).ok());
    }
    grpc::Status getHead(const std::vector<std::uint64_t>& rows, v1::GetHeadResponse& response) {
        v1::GetHeadRequest request;
        request.mutable_rows()->Assign(rows.begin(), rows.end());
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(10));
        return m_stub->GetHead(&context, request, &response);
    }
    v1::VerifyChainResponse verify(const std::vector<std::uint64_t>& rows) {
        v1::VerifyChainRequest request;
        request.mutable_rows()->Assign(rows.begin(), rows.end());
        v1::VerifyChainResponse response;
        grpc::ClientContext context;
        if (!m_stub->VerifyChain(&context, request, &response).ok()) qFatal("no answer");
        return response;
    }
    absl::Status check(const v1::SignedAuditHead& wire) {
        auto head = codec::fromWire(wire);
        if (!head.ok()) return head.status();
        return ifrit::audit::verifyHead(*head, m_fixture->identities.ca().certificatePem, "test");
    }

private Q_SLOTS:
    void init() {
        m_fixture = std::make_unique<ServerFixture>();
        m_stub = v1::AuditHeads::NewStub(m_fixture->channelAs(crypto::Role::Operator, "eve"));
        for (const char* object : {"r-1", "r-2", "r-3"})
            append(object);
    }

    void aReaderGetsASignedHeadAndHashesOfItsRows() {
        v1::GetHeadResponse response;
        QVERIFY(getHead({2, 3, 99, 0}, response).ok());
        QVERIFY(check(response.head()).ok());
        const auto& rows = m_fixture->database->state.audit;
        QCOMPARE(response.head().head().row(), std::uint64_t{3});
        QCOMPARE(response.head().head().hash(), rows[2].hash);
        QCOMPARE(response.hashes_size(), 2);
        QCOMPARE(response.hashes(0).hash(), rows[1].hash);
    }

    void theWalkSaysWhereItBrokeAndGivesNoHashAfterIt() {
        QVERIFY(verify({1, 3}).intact());
        QCOMPARE(verify({1, 3}).hashes_size(), 2);
        {
            const absl::MutexLock lock(&m_fixture->database->mutex);
            m_fixture->database->state.audit[1].entry.actor = "eve";
        }
        const v1::VerifyChainResponse broken = verify({1, 3});
        QVERIFY(!broken.intact());
        QCOMPARE(broken.first_broken_id(), std::uint64_t{2});
        QCOMPARE(broken.hashes_size(), 1);
        QVERIFY(check(broken.head()).ok());
    }

    void rowsAreReadAsTheyAreHashed() {
        ifrit::audit::ChainCheck walk;
        std::uint64_t after = 0;
        for (int call = 0; call < 3; ++call) {
            v1::ReadChainRequest request;
            request.set_after_id(after);
            request.set_limit(2);
            v1::ReadChainResponse response;
            grpc::ClientContext context;
            QVERIFY(m_stub->ReadChain(&context, request, &response).ok());
            QCOMPARE(response.rows_size(), call == 0 ? 2 : call == 1 ? 1 : 0);
            for (const v1::AuditRow& row : response.rows()) {
                QVERIFY2(walk.add(codec::viewOf(row)), walk.message().c_str());
                after = row.id();
            }
        }
        QCOMPARE(walk.rows(), std::uint64_t{3});
    }

    void aLongAnswerIsCutIntoMessages() {
        for (int i = 0; i < 40; ++i)
            append(std::string(100'000, 'x'));
        std::uint64_t after = 0;
        int calls = 0;
        for (; after < 43; ++calls) {
            v1::ReadChainRequest request;
            request.set_after_id(after);
            v1::ReadChainResponse response;
            grpc::ClientContext context;
            const grpc::Status status = m_stub->ReadChain(&context, request, &response);
            QVERIFY2(status.ok(), status.error_message().c_str());
            QVERIFY(response.rows_size() > 0);
            after = response.rows().rbegin()->id();
        }
        QVERIFY(calls >= 2);
    }

    void tooManyRowsAreRefused() {
        v1::GetHeadResponse response;
        QVERIFY(getHead(std::vector<std::uint64_t>(codec::kMaxAskedRows, 1), response).ok());
        QCOMPARE(
            getHead(std::vector<std::uint64_t>(codec::kMaxAskedRows + 1, 1), response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
    }

    /// The key that signs is nobody's way in, neither as operator nor as anything else.
    void aSignersCertificateOpensNothing() {
        const auto stub =
            v1::AuditHeads::NewStub(m_fixture->channelAs(crypto::Role::Signer, "root"));
        v1::GetHeadResponse response;
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(10));
        QVERIFY(!stub->GetHead(&context, {}, &response).ok());
    }
};

QTEST_GUILESS_MAIN(TestAuditHeads)
#include "tst_audit_heads.moc"
