// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "tests/agent/link/linked_machine.h"

namespace ifrit::tests {
namespace {

using agent::link::EnrolRequest;
using agent::link::IssuedCertificate;
using agent::link::SyncReply;
using agent::link::SyncRequest;

absl::Status revoked() {
    return base::permissionDenied("CERTIFICATE_REVOKED", "m1",
                                  "the certificate of m1 was revoked; it needs a new one");
}

/// A master that knows which tokens are good, and has revoked what it issued before.
struct Revoking {
    explicit Revoking(const std::string& directory) : machine(directory, clock) {
        machine.loop.step();
        machine.connector.onEnrol =
            [this](const std::string&,
                   const EnrolRequest& request) -> absl::StatusOr<IssuedCertificate> {
            shown.push_back(request.joinToken);
            if (request.joinToken != "new")
                return base::makeError(absl::StatusCode::kUnauthenticated, "TOKEN_USED", "m1",
                                       "the join token was used by machine m1");
            isIn = true;
            return machine.certificate(request.csrPem);
        };
        machine.master->onSync = [this](const SyncRequest&) -> absl::StatusOr<SyncReply> {
            if (!isIn) return revoked();
            return SyncReply();
        };
        machine.connection.use({{"one:1"}, ""});
    }
    std::string stored() { return (*machine.store.load())->identity.certificatePem; }

    ManualClock clock;
    LinkedMachine machine;
    agent::link::LinkBoard board{clock};
    agent::link::SyncLoop loop{
        {machine.connection, machine.enrolment, machine.reports, machine.handler, &board},
        machine.policy()};
    bool isIn = false;
    std::vector<std::string> shown;  ///< tokens
};

}  // namespace

class RevokedMachineTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<Revoking> m_it;

private Q_SLOTS:
    void init() {
        m_it.reset();
        m_directory = std::make_unique<QTemporaryDir>();
        m_it = std::make_unique<Revoking>(m_directory->path().toStdString());
    }

    void aNewTokenBringsItBack() {
        const std::string before = m_it->stored();
        m_it->machine.token = std::string("new");
        QVERIFY(!m_it->loop.step().reached);
        QVERIFY(m_it->loop.step().reached);
        QVERIFY(m_it->stored() != before);
        QVERIFY(m_it->loop.step().reached);
        QCOMPARE(m_it->shown.size(), std::size_t(1));
    }

    void theTokenOfBeforeIsNotShownAtEachPoll() {
        for (int i = 0; i < 5; ++i)
            QVERIFY(!m_it->loop.step().reached);
        QCOMPARE(m_it->shown.size(), std::size_t(1));
        m_it->clock.advance(std::chrono::minutes(11));
        m_it->loop.step();
        QCOMPARE(m_it->shown.size(), std::size_t(2));
        m_it->machine.token = std::string("new");
        QVERIFY(m_it->loop.step().reached);
    }

    void whatIsInTheWayIsSaidBesideTheReason() {
        m_it->loop.step();
        m_it->loop.step();
        const agent::link::LinkState state = m_it->board.state();
        QCOMPARE(state.lastReason, std::string("CERTIFICATE_REVOKED"));
        QVERIFY2(state.lastError.find("was used by machine m1") != std::string::npos,
                 state.lastError.c_str());
    }

    /// By a master whose database was put back, say.
    void theCertificateIsUsedAgainWhereItIsTakenAgain() {
        const std::string before = m_it->stored();
        m_it->loop.step();
        m_it->loop.step();
        m_it->isIn = true;
        QVERIFY(m_it->loop.step().reached);
        QCOMPARE(m_it->stored(), before);
        QVERIFY(!m_it->machine.enrolment.isRevoked());
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::RevokedMachineTest)
#include "tst_revoked_machine.moc"
