// SPDX-License-Identifier: Apache-2.0
// A commit of the release engine that takes as long as the database likes (row G2): whoever asks
// how the master or the cluster is does not wait for it.
#include <absl/synchronization/notification.h>

#include <QTest>
#include <functional>
#include <thread>

#include "shared/rpc/channel.h"
#include "tests/agent/support/wait_until.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

MasterAmongOthers oneOfMany() {
    MasterAmongOthers out;
    out.services.id = "one";
    out.services.version = "0.1";
    return out;
}

/// Of the engine of `master`, from construction to end(): it stands within its transaction.
class HangingCommit {
public:
    explicit HangingCommit(ServerFixture& master)
        : m_thread([this, &engine = master.server->services().engine()] {
              (void)engine.transactLeading([this](storage::Transaction&) {
                  m_begun.Notify();
                  m_ends.WaitForNotification();
                  return absl::OkStatus();
              });
          }) {
        m_begun.WaitForNotification();
    }
    void end() {
        if (!m_ends.HasBeenNotified()) m_ends.Notify();
        if (m_thread.joinable()) m_thread.join();
    }
    ~HangingCommit() { end(); }

private:
    absl::Notification m_begun;
    absl::Notification m_ends;
    std::thread m_thread;
};

}  // namespace

class TestHangingCommit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itIsSaidHowOneOfManyIs() {
        ServerFixture master(nullptr, {.masters = oneOfMany()});
        QVERIFY(tests::waitUntil([&] { return master.server->figures().leads; }));
        services::ClusterFigures figures;
        absl::Notification told;
        HangingCommit commit(master);
        std::thread asks([&] {
            figures = master.server->figures();
            told.Notify();
        });
        const bool atOnce = told.WaitForNotificationWithTimeout(absl::Seconds(5));
        commit.end();
        asks.join();
        QVERIFY(atOnce);
        QVERIFY(figures.leads);
    }

    void theClusterIsShown() {
        ServerFixture master;
        const auto channel = master.root();
        HangingCommit commit(master);
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(5));
        v1::Cluster cluster;
        const grpc::Status shown =
            v1::Clusters::NewStub(channel)->GetCluster(&context, {}, &cluster);
        commit.end();
        QVERIFY2(shown.ok(), shown.error_message().c_str());
        QCOMPARE(cluster.name(), std::string("test"));
    }
};

QTEST_GUILESS_MAIN(TestHangingCommit)
#include "tst_hanging_commit.moc"
