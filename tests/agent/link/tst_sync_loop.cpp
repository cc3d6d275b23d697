// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "agent/link/link_thread.h"
#include "shared/base/atomic_file.h"
#include "tests/agent/link/linked_machine.h"
#include "tests/agent/support/wait_until.h"

namespace ifrit::tests {
namespace {

using agent::link::IssuedCertificate;
using agent::link::SyncReply;
using agent::link::SyncRequest;
using std::chrono::milliseconds;

}  // namespace

class SyncLoopTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    ManualClock m_clock;
    std::unique_ptr<LinkedMachine> m_link;

    void relink() {
        m_link = std::make_unique<LinkedMachine>(m_directory->path().toStdString(), m_clock);
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        relink();
    }

    void anAnswerThatCouldNotBeKeptIsAskedForAgainSoon() {
        m_link->handler.refuses = absl::UnavailableError("no space left");
        const milliseconds again = m_link->loop.step().wait;
        m_link->handler.refuses = absl::OkStatus();
        QVERIFY(again < m_link->loop.step().wait);
    }

    void enrolsOnceAndKeepsItsKeyToItself() {
        QVERIFY(m_link->loop.step().reached);
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(m_link->enrolments, 1);
        const QFileInfo file(m_directory->filePath(QStringLiteral("identity.pem")));
        QCOMPARE(file.permissions() & QFile::Permissions(0x0077), QFile::Permissions());
        const auto identity = m_link->store.load();
        QVERIFY(identity.ok() && identity->has_value());
        QCOMPARE((*identity)->uuid, std::string("m1"));
    }

    /// The master answers that request alone again, whatever ends the agent in between.
    void aLostAnswerIsAskedForWithTheSameKey() {
        std::vector<std::string> keys;
        const auto lose = [&keys](const std::string&, const agent::link::EnrolRequest& request) {
            keys.push_back(crypto::csrKeySha256(request.csrPem).value());
            return absl::StatusOr<IssuedCertificate>(absl::UnavailableError("the line broke"));
        };
        m_link->connector.onEnrol = lose;
        QVERIFY(!m_link->loop.step().reached);
        relink();
        m_link->connector.onEnrol = lose;
        QVERIFY(!m_link->loop.step().reached);
        relink();
        QVERIFY(m_link->loop.step().reached);
        const auto identity = m_link->store.load();
        QVERIFY(identity.ok() && identity->has_value());
        const std::string csr =
            crypto::createCsr((*identity)->identity.privateKeyPem, "m1").value();
        keys.push_back(crypto::csrKeySha256(csr).value());
        QCOMPARE(keys, std::vector<std::string>(3, keys.front()));
        QVERIFY(!QFile::exists(m_directory->filePath(QStringLiteral("identity.pem.enrolling"))));
    }

    /// As an image does that was baked from a machine of another cluster.
    void anotherClusterCountsItsDesiredStatesAnew() {
        const auto hold = [this] {
            QVERIFY(m_link->journal
                        ->update([](agent::journal::JournalState& state) {
                            state.desired = domain::DesiredState{500, 9, {{"exporter"}}};
                        })
                        .ok());
        };
        const auto held = [this] { return *m_link->journal->state().desired; };
        const auto enrolAnew = [this] {
            QVERIFY(QFile::remove(m_directory->filePath(QStringLiteral("identity.pem"))));
            const crypto::Credentials ca = m_link->ca;
            relink();
            m_link->ca = ca;
            QVERIFY(m_link->loop.step().reached);
            QCOMPARE(m_link->enrolments, 1);
        };
        QVERIFY(m_link->loop.step().reached);
        hold();
        enrolAnew();  // with the same
        QCOMPARE(held().generation, std::uint64_t(500));
        QVERIFY(QFile::remove(m_directory->filePath(QStringLiteral("identity.pem"))));
        relink();  // has another CA
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(held().generation, std::uint64_t(0));
        QCOMPARE(held().etag, std::uint64_t(0));
        QCOMPARE(held().entries.size(), std::size_t(1));
    }

    void aRestartUsesTheStoredCertificate() {
        QVERIFY(m_link->loop.step().reached);
        const crypto::Credentials ca = m_link->ca;
        relink();
        m_link->ca = ca;
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(m_link->enrolments, 0);
    }

    void theCertificateOfAnotherMachineIsSetAside() {
        QVERIFY(m_link->loop.step().reached);
        crypto::CertificateRequest request;
        request.cluster = "demo";
        request.name = "original";
        request.now = m_clock.now();
        request.validity = std::chrono::hours(24);
        const auto other = crypto::issue(m_link->ca, request);
        QVERIFY(other.ok());
        QVERIFY(m_link->store
                    .save({other->privateKeyPem, other->certificatePem, m_link->ca.certificatePem},
                          {{"board", "0123456789abcdef"}}, m_clock.now())
                    .ok());
        QCOMPARE((*m_link->store.load())->marks.size(), std::size_t(1));
        const crypto::Credentials ca = m_link->ca;
        relink();
        m_link->ca = ca;
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(m_link->enrolments, 1);
        QCOMPARE((*m_link->store.load())->uuid, std::string("m1"));
        QVERIFY(QFile::exists(m_directory->filePath(QStringLiteral("identity.pem.of-original"))));
    }

    void aLogThatAPersonWaitsForIsSentSoon() {
        m_link->master->onSync = [](const SyncRequest&) -> absl::StatusOr<SyncReply> {
            SyncReply reply;
            reply.logTails.push_back({"id", "logd", 100});
            return reply;
        };
        QVERIFY(m_link->loop.step().wait <= milliseconds(1'000));
    }

    void aBadTokenIsRetriedForEverWithBackOff() {
        m_link->connector.onEnrol = [](const std::string&, const agent::link::EnrolRequest&) {
            return absl::StatusOr<IssuedCertificate>(absl::UnauthenticatedError("used"));
        };
        milliseconds last{0};
        for (int i = 0; i < 6; ++i) {
            const auto result = m_link->loop.step();
            QVERIFY(!result.reached);
            QVERIFY(result.wait > last);
            last = result.wait;
        }
        QVERIFY(!QFile::exists(m_directory->filePath(QStringLiteral("identity.pem"))));
    }

    void aKeyThatIsNotOursIsNotStored() {
        const auto other = crypto::generatePrivateKey();
        m_link->connector.onEnrol = [&](const std::string&, const agent::link::EnrolRequest&) {
            return m_link->certificate(*crypto::createCsr(*other, "m1"));
        };
        QVERIFY(!m_link->loop.step().reached);
        QVERIFY(!QFile::exists(m_directory->filePath(QStringLiteral("identity.pem"))));
    }

    void renewsAtTwoThirdsOfItsLife() {
        QVERIFY(m_link->loop.step().reached);
        m_clock.advance(std::chrono::hours(15));
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(m_link->renewals, 0);
        m_clock.advance(std::chrono::hours(2));
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(m_link->renewals, 1);
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(m_link->renewals, 1);
    }

    void aFailedRenewalIsNotAskedAtEachPoll() {
        QVERIFY(m_link->loop.step().reached);
        int asked = 0;
        m_link->master->onRenew = [&](const std::string&) {
            ++asked;
            return absl::StatusOr<IssuedCertificate>(absl::UnavailableError("busy"));
        };
        m_clock.advance(std::chrono::hours(17));
        QVERIFY(m_link->loop.step().reached);
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(asked, 1);
        m_clock.advance(std::chrono::minutes(6));
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(asked, 2);
    }

    void anExpiredCertificateEnrolsAnew() {
        QVERIFY(m_link->loop.step().reached);
        m_clock.advance(std::chrono::hours(30));
        m_link->token = base::failedPrecondition("NO_JOIN_TOKEN", "", "none");
        QVERIFY(!m_link->loop.step().reached);
        m_link->token = std::string("new");
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(m_link->enrolments, 2);
    }

    void failuresMoveOnToTheNextMasterAndHonourItsWish() {
        QVERIFY(m_link->loop.step().reached);
        m_link->master->away = true;
        m_link->retryAfter = std::chrono::seconds(7);
        QCOMPARE(m_link->connection.address(), std::string("one:1"));
        const auto result = m_link->loop.step();
        QVERIFY(result.wait >= std::chrono::seconds(7));
        QCOMPARE(m_link->connection.address(), std::string("two:2"));
        m_link->master->away = false;
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(m_link->connector.connected.back(), std::string("two:2"));
    }

    /// FAULTS G5: a handshake for each poll that is sent away is what the master cannot bear.
    void aMasterThatIsBusyKeepsItsLine() {
        const auto usual = m_link->master->onSync;
        int polls = 0;
        m_link->master->onSync = [&](const SyncRequest& request) -> absl::StatusOr<SyncReply> {
            if (++polls <= 4) return absl::ResourceExhaustedError("busy");
            return usual(request);
        };
        for (int i = 0; i < 4; ++i)
            QVERIFY(!m_link->loop.step().reached);
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(m_link->connector.connected.size(), std::size_t(1));
    }

    void aMasterThatStaysBusyIsLeftForAnother() {
        m_link->master->onSync = [](const SyncRequest&) {
            return absl::StatusOr<SyncReply>(absl::ResourceExhaustedError("busy"));
        };
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(m_link->connection.address(), std::string("one:1"));
            m_link->loop.step();
        }
        QCOMPARE(m_link->connection.address(), std::string("two:2"));
    }

    void aMasterThatRefusesIsNotTheOnlyOne() {
        for (const auto code :
             {absl::StatusCode::kUnauthenticated, absl::StatusCode::kUnimplemented}) {
            const std::string before = m_link->connection.address();
            m_link->master->onSync = [code](const SyncRequest&) {
                return absl::StatusOr<SyncReply>(absl::Status(code, "not by me"));
            };
            QVERIFY(!m_link->loop.step().reached);
            QVERIFY(m_link->connection.address() != before);
        }
    }

    void whoHasOneMasterKeepsTheLineOnWhichItRefuses() {
        m_link->connection.use({{"one:1"}, ""});
        m_link->master->onSync = [](const SyncRequest&) {
            return absl::StatusOr<SyncReply>(absl::UnauthenticatedError("revoked"));
        };
        for (int i = 0; i < 10; ++i)
            m_link->loop.step();
        QCOMPARE(m_link->connector.connected.size(), std::size_t(1));
    }

    void aShedPollLeavesTheWatchAlone() {
        QVERIFY(m_link->loop.step().keepConnection);
        m_link->master->onSync = [](const SyncRequest&) {
            return absl::StatusOr<SyncReply>(absl::ResourceExhaustedError("busy"));
        };
        QVERIFY(m_link->loop.step().keepConnection);
        m_link->master->away = true;
        QVERIFY(!m_link->loop.step().keepConnection);
    }

    void theWatchFollowsTheLineAndEndsWhenTold() {
        QVERIFY(m_link->loop.step().reached);
        std::atomic<int> opened{0};
        std::atomic<int> open{0};
        m_link->master->onWatch = [&](agent::link::WatchStop& stop) -> absl::Status {
            std::atomic<bool> isStopped{false};
            stop.setEnd([&] { isStopped = true; });
            ++open;
            ++opened;
            // Longer than the test waits for it.
            waitUntil([&] { return isStopped.load(); }, std::chrono::seconds(60));
            stop.setEnd(nullptr);
            --open;
            return absl::CancelledError("stopped");
        };
        agent::link::WatchThread watch({m_link->connection, [] { return std::uint64_t(0); },
                                        [](agent::link::GenerationNotice) {}, [] { return 0.5; }});
        watch.hold(true);
        QVERIFY(waitUntil([&] { return open == 1; }));
        watch.hold(true);
        QCOMPARE(opened.load(), 1);
        // A renewed certificate, another list of masters: the old line would stay for the watch.
        const auto line = std::make_shared<FakeMaster>(m_directory->path().toStdString());
        line->onSync = m_link->master->onSync;
        line->onWatch = m_link->master->onWatch;
        m_link->connector.onConnect = [line](const auto&, const auto&) { return line; };
        m_link->connection.disconnect();
        QVERIFY(m_link->loop.step().reached);
        watch.hold(true);
        QVERIFY(waitUntil([&] { return opened == 2 && open == 1; }));
        watch.hold(false);
        QVERIFY(waitUntil([&] { return open == 0; }));
        QCOMPARE(opened.load(), 2);
    }

    void theMasterSaysWhenToComeButNotNever() {
        m_link->master->onSync = [](const SyncRequest&) {
            SyncReply reply;
            reply.nextPoll = std::chrono::hours(100);
            return absl::StatusOr<SyncReply>(reply);
        };
        QCOMPARE(m_link->loop.step().wait, milliseconds(60'000));
    }

    void whatIsHeldIsToldAndAnUnchangedReplyChangesNothing() {
        m_link->master->onSync = [&](const SyncRequest& request) {
            m_link->requests.push_back(request);
            SyncReply reply;
            reply.changed = request.heldGeneration == 0;
            if (reply.changed) reply.desired = {5, 77, {}};
            return absl::StatusOr<SyncReply>(reply);
        };
        m_link->loop.step();
        m_link->loop.step();
        QCOMPARE(m_link->requests.at(0).heldGeneration, std::uint64_t(0));
        QCOMPARE(m_link->requests.at(1).heldGeneration, std::uint64_t(5));
        QCOMPARE(m_link->requests.at(1).heldEtag, std::uint64_t(77));
        QVERIFY(!m_link->handler.replies.at(1).changed);
    }

    void aLostMasterAsksForAFullReportAndGetsIt() {
        m_link->reports.publish({});
        m_link->loop.step();
        QVERIFY(m_link->requests.at(0).report.full);
        const auto usual = m_link->master->onSync;
        m_link->master->onSync = [&](const SyncRequest& request) {
            auto reply = usual(request);
            reply->wantFullReport = true;
            return reply;
        };
        m_link->loop.step();
        m_link->master->onSync = usual;
        m_link->loop.step();
        QVERIFY(m_link->requests.back().report.full);
    }

    void aReportThatIsRefusedDoesNotBlockThePoll() {
        m_link->reports.publish({});
        const auto usual = m_link->master->onSync;
        std::uint64_t refused = 0;
        m_link->master->onSync = [&](const SyncRequest& request) {
            refused = request.report.sequence;
            return absl::StatusOr<SyncReply>(absl::InvalidArgumentError("bad report"));
        };
        QVERIFY(!m_link->loop.step().reached);
        m_link->master->onSync = usual;
        QVERIFY(m_link->loop.step().reached);
        QCOMPARE(m_link->requests.back().report.sequence, refused + 1);
    }

    void disconnectClosesTheLineUntilTheNextPoll() {
        m_link->master->onSync = [](const SyncRequest&) {
            SyncReply reply;
            reply.disconnect = true;
            return absl::StatusOr<SyncReply>(reply);
        };
        QVERIFY(!m_link->loop.step().keepConnection);
        m_link->loop.step();
        QCOMPARE(m_link->connector.connected.size(), std::size_t(2));
    }

    void theThreadComesEarlierWhenAsked() {
        std::atomic<int> polls{0};
        m_link->master->onSync = [&](const SyncRequest&) {
            ++polls;
            return absl::StatusOr<SyncReply>(SyncReply{});
        };
        agent::link::LinkTimes times;
        times.urgentSpacing = milliseconds(0);
        agent::link::LinkThread thread({m_link->loop, nullptr, nullptr}, times);
        QVERIFY(waitUntil([&] { return polls == 1; }));
        thread.reportSoon();
        QVERIFY(waitUntil([&] { return polls == 2; }));
        thread.pollIn(milliseconds(5));
        QVERIFY(waitUntil([&] { return polls == 3; }));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::SyncLoopTest;
QTEST_GUILESS_MAIN(SyncLoopTest)
#include "tst_sync_loop.moc"
