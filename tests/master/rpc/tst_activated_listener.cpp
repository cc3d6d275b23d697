// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/activated_listener.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QTest>
#include <atomic>

#include "shared/base/accept_pause.h"
#include "tests/agent/support/wait_until.h"
#include "tests/support/failing_accept.h"

using namespace ifrit;
using master::rpc::ActivatedListener;

namespace {

/// Takes connections and closes them.
class CountingAcceptor final : public grpc::experimental::ExternalConnectionAcceptor {
public:
    explicit CountingAcceptor(std::atomic<int>& taken) : m_taken(taken) {}
    void HandleNewConnection(NewConnectionParameters* parameters) override {
        ::close(parameters->fd);
        ++m_taken;
    }

private:
    std::atomic<int>& m_taken;
};

int listening() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket, 8) != 0)
        qFatal("nobody can listen");
    return socket;
}

int connectedTo(int listener) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), length) != 0)
        qFatal("the listener cannot be reached");
    return socket;
}

}  // namespace

class ActivatedListenerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_socket = listening();
        m_taken = 0;
    }
    void cleanup() { ::close(m_socket); }
    void handsConnectionsOn();
    void whereNobodyCanBeAcceptedItWaits_data();
    void whereNobodyCanBeAcceptedItWaits();

private:
    std::unique_ptr<CountingAcceptor> acceptor() {
        return std::make_unique<CountingAcceptor>(m_taken);
    }
    bool isTaken() {
        return tests::waitUntil([&] { return m_taken == 1; });
    }

    int m_socket = -1;
    std::atomic<int> m_taken{0};
};

void ActivatedListenerTest::handsConnectionsOn() {
    ActivatedListener listener(m_socket, acceptor());
    listener.start();
    const int caller = connectedTo(m_socket);
    QVERIFY(isTaken());
    ::close(caller);
}

void ActivatedListenerTest::whereNobodyCanBeAcceptedItWaits_data() {
    QTest::addColumn<int>("error");
    QTest::newRow("no memory") << ENOMEM;
    QTest::newRow("no descriptors") << EMFILE;
    QTest::newRow("a rule of the system") << EACCES;
}

void ActivatedListenerTest::whereNobodyCanBeAcceptedItWaits() {
    QFETCH(int, error);
    tests::FailingAccept want(error);
    ActivatedListener listener(m_socket, acceptor());
    const auto begin = std::chrono::steady_clock::now();
    listener.start();
    const int caller = connectedTo(m_socket);
    QVERIFY(tests::waitUntil([&] { return want.count() >= 3; }));
    QVERIFY2(std::chrono::steady_clock::now() - begin >= 2 * base::kAcceptPause,
             "it asks again without a pause");
    want.end();
    QVERIFY(isTaken());
    ::close(caller);
}

QTEST_GUILESS_MAIN(ActivatedListenerTest)
#include "tst_activated_listener.moc"
