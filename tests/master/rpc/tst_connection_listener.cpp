// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/connection_listener.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QTest>
#include <array>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "shared/base/accept_pause.h"
#include "shared/base/status.h"
#include "tests/agent/support/wait_until.h"
#include "tests/support/failing_accept.h"

using namespace ifrit;
using master::rpc::ConnectionListener;
using master::rpc::HandshakeGate;
using master::rpc::ListeningSockets;

namespace {

/// A server that reads nothing of what it is handed before it is told to.
class IdleAcceptor final : public grpc::experimental::ExternalConnectionAcceptor {
public:
    explicit IdleAcceptor(std::vector<int>& taken, std::mutex& mutex)
        : m_taken(taken), m_mutex(mutex) {}
    void HandleNewConnection(NewConnectionParameters* parameters) override {
        const std::lock_guard lock(m_mutex);
        m_taken.push_back(parameters->fd);
    }

private:
    std::vector<int>& m_taken;
    std::mutex& m_mutex;
};

/// A caller that may have said its first word.
class Caller {
public:
    explicit Caller(int port, const char* host = "127.0.0.1") {
        addrinfo* found = nullptr;
        if (::getaddrinfo(host, std::to_string(port).c_str(), nullptr, &found) != 0) return;
        m_socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        m_isThere = ::connect(m_socket, found->ai_addr, found->ai_addrlen) == 0;
        ::freeaddrinfo(found);
    }
    ~Caller() { hangUp(); }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    bool isThere() const { return m_isThere; }
    void greet() { QCOMPARE(::send(m_socket, "hello", 5, MSG_NOSIGNAL), ssize_t{5}); }
    void hangUp() {
        if (m_socket >= 0) ::close(std::exchange(m_socket, -1));
    }
    /// The other side has closed.
    bool isSentAway() {
        pollfd asked{m_socket, POLLRDHUP, 0};
        return ::poll(&asked, 1, kPatience) > 0;
    }

private:
    static constexpr int kPatience = 10'000;
    int m_socket = -1;
    bool m_isThere = false;
};

}  // namespace

/// Who connects is handed to the server when there is room, or sent away.
class ConnectionListenerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cleanup();
    void handsConnectionsOn();
    void soManyAtATime();
    void whoSaysNothingTakesNoPlace();
    void whoHungUpIsNotHandedOn();
    void whoWaitedForTooLongIsSentAway();
    void bothFamiliesAreHeardOnAWildcard();
    void whoStopsIsNotReached();
    void aSocketOfTheServiceManagerStaysOpen();
    void aPortThatIsTakenIsSaid();
    void whereNobodyCanBeAcceptedItWaits_data();
    void whereNobodyCanBeAcceptedItWaits();

private:
    using Limits = HandshakeGate::Limits;

    void listen(const Limits& limits = {}) {
        auto sockets = ListeningSockets::at("127.0.0.1:0");
        QVERIFY(sockets.ok());
        listenOn(*std::move(sockets), limits);
    }
    void listenOn(ListeningSockets sockets, const Limits& limits = {}) {
        m_listener = std::make_unique<ConnectionListener>(
            std::move(sockets), limits, std::make_unique<IdleAcceptor>(m_taken, m_mutex));
        m_listener->start();
    }
    std::unique_ptr<Caller> caller() const { return std::make_unique<Caller>(m_listener->port()); }
    std::size_t taken() {
        const std::lock_guard lock(m_mutex);
        return m_taken.size();
    }
    bool becomeTaken(std::size_t count) {
        return tests::waitUntil([&] { return taken() == count; });
    }
    /// As gRPC does when it comes to it.
    void read(std::size_t connection) {
        const std::lock_guard lock(m_mutex);
        std::array<char, 16> bytes{};
        QCOMPARE(::recv(m_taken[connection], bytes.data(), bytes.size(), 0), ssize_t{5});
    }

    std::mutex m_mutex;
    std::vector<int> m_taken;
    std::unique_ptr<ConnectionListener> m_listener;
};

void ConnectionListenerTest::cleanup() {
    m_listener.reset();
    for (const int connection : std::exchange(m_taken, {}))
        ::close(connection);
}

void ConnectionListenerTest::handsConnectionsOn() {
    listen();
    const auto one = caller();
    QVERIFY(becomeTaken(1));
}

void ConnectionListenerTest::soManyAtATime() {
    listen({2, std::chrono::hours(1)});
    std::vector<std::unique_ptr<Caller>> callers;
    for (int i = 0; i < 5; ++i) {
        callers.push_back(caller());
        callers.back()->greet();
    }
    for (const std::size_t read : {0, 1, 2}) {
        QVERIFY(becomeTaken(read + 2));
        QVERIFY(
            !tests::waitUntil([&] { return taken() > read + 2; }, std::chrono::milliseconds(50)));
        this->read(read);
    }
    QVERIFY(becomeTaken(5));
}

void ConnectionListenerTest::whoSaysNothingTakesNoPlace() {
    listen({1, std::chrono::hours(1)});
    const auto one = caller();
    const auto other = caller();
    QVERIFY(becomeTaken(2));
}

void ConnectionListenerTest::whoHungUpIsNotHandedOn() {
    listen({1, std::chrono::hours(1)});
    const auto first = caller();
    first->greet();
    QVERIFY(becomeTaken(1));
    const auto gone = caller();
    gone->greet();
    const auto last = caller();
    last->greet();
    gone->hangUp();
    read(0);
    QVERIFY(becomeTaken(2));
    read(1);
    // Nobody is left, or it would be handed on before this one.
    const auto another = caller();
    QVERIFY(becomeTaken(3));
}

void ConnectionListenerTest::whoWaitedForTooLongIsSentAway() {
    constexpr std::chrono::milliseconds kPatience(500);
    listen({1, kPatience});
    const auto first = caller();
    first->greet();
    QVERIFY(becomeTaken(1));
    const auto late = caller();
    late->greet();
    const auto until = std::chrono::steady_clock::now() + 2 * kPatience;
    QVERIFY(tests::waitUntil([&] { return std::chrono::steady_clock::now() > until; }));
    read(0);
    QVERIFY(late->isSentAway());
    QCOMPARE(taken(), std::size_t{1});
    const auto next = caller();
    QVERIFY(becomeTaken(2));
}

void ConnectionListenerTest::bothFamiliesAreHeardOnAWildcard() {
    for (const char* address : {"0.0.0.0:0", "[::]:0"}) {
        auto sockets = ListeningSockets::at(address);
        QVERIFY(sockets.ok());
        QVERIFY(sockets->port() > 0);
        QVERIFY(Caller(sockets->port()).isThere());
        const bool hasIpv6 = ListeningSockets::at("[::1]:0").ok();
        QCOMPARE(Caller(sockets->port(), "::1").isThere(), hasIpv6);
    }
    const auto local = ListeningSockets::at("localhost:0");
    QVERIFY(local.ok() && Caller(local->port()).isThere());
}

void ConnectionListenerTest::whoStopsIsNotReached() {
    listen();
    const int port = m_listener->port();
    QVERIFY(Caller(port).isThere());
    m_listener->stop();
    QVERIFY(!Caller(port).isThere());
    // Who is started again gets the same one, whatever lingers.
    QVERIFY(ListeningSockets::at("127.0.0.1:" + std::to_string(port)).ok());
}

void ConnectionListenerTest::aSocketOfTheServiceManagerStaysOpen() {
    const auto manager = ListeningSockets::at("127.0.0.1:0");
    QVERIFY(manager.ok());
    listenOn(ListeningSockets::activated(manager->all().front()));
    QCOMPARE(m_listener->port(), manager->port());
    const auto one = caller();
    QVERIFY(becomeTaken(1));
    m_listener.reset();
    QVERIFY(Caller(manager->port()).isThere());
}

void ConnectionListenerTest::aPortThatIsTakenIsSaid() {
    const auto first = ListeningSockets::at("127.0.0.1:0");
    QVERIFY(first.ok());
    const std::string address = "127.0.0.1:" + std::to_string(first->port());
    const absl::Status status = ListeningSockets::at(address).status();
    QCOMPARE(base::errorInfo(status).reason, std::string("LISTEN"));
    QVERIFY2(base::messageOf(status).find("in use") != std::string::npos,
             base::messageOf(status).c_str());
    QVERIFY(!ListeningSockets::at("nowhere").ok());
}

void ConnectionListenerTest::whereNobodyCanBeAcceptedItWaits_data() {
    QTest::addColumn<int>("error");
    QTest::newRow("no memory") << ENOMEM;
    QTest::newRow("no descriptors") << EMFILE;
    QTest::newRow("a rule of the system") << EACCES;
}

void ConnectionListenerTest::whereNobodyCanBeAcceptedItWaits() {
    QFETCH(int, error);
    tests::FailingAccept want(error);
    const auto begin = std::chrono::steady_clock::now();
    listen();
    const auto one = caller();
    QVERIFY(tests::waitUntil([&] { return want.count() >= 3; }));
    QVERIFY2(std::chrono::steady_clock::now() - begin >= 2 * base::kAcceptPause,
             "it asks again without a pause");
    want.end();
    QVERIFY(becomeTaken(1));
}

QTEST_GUILESS_MAIN(ConnectionListenerTest)
#include "tst_connection_listener.moc"
