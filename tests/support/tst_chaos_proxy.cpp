// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QTest>
#include <cerrno>

#include "tests/support/chaos_proxy.h"

namespace ifrit::tests {

namespace {

constexpr std::size_t kWhole = 200;

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

}  // namespace

/// The server of the test sends kWhole bytes to whoever comes and waits for the other's end.
class ChaosProxyTest : public QObject {
    Q_OBJECT

    int m_listener = -1;
    int m_port = 0;
    std::thread m_server;

    struct Received {
        std::size_t bytes = 0;
        int error = 0;  ///< ETIMEDOUT: still open
        std::chrono::milliseconds took{0};
    };

    void serve() const {
        for (;;) {
            const int client = ::accept(m_listener, nullptr, nullptr);
            if (client < 0) return;
            const std::string bytes(kWhole, 'x');
            ::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            ::shutdown(client, SHUT_WR);
            ::close(client);
        }
    }

    static Received receive(const ChaosProxy& proxy) {
        const auto begun = std::chrono::steady_clock::now();
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_in address = loopback(proxy.port());
        Received received;
        if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            received.error = errno;
        while (received.error == 0) {
            pollfd readable{socket, POLLIN, 0};
            char bytes[64];
            if (::poll(&readable, 1, 200) == 0) {
                received.error = ETIMEDOUT;
                break;
            }
            const ssize_t got = ::recv(socket, bytes, sizeof bytes, 0);
            if (got < 0) received.error = errno;
            if (got <= 0) break;
            received.bytes += static_cast<std::size_t>(got);
        }
        ::close(socket);
        received.took = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - begun);
        return received;
    }

private Q_SLOTS:
    void initTestCase() {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        QCOMPARE(::bind(m_listener, reinterpret_cast<sockaddr*>(&address), length), 0);
        QCOMPARE(::listen(m_listener, 16), 0);
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length);
        m_port = ntohs(address.sin_port);
        m_server = std::thread([this] { serve(); });
    }
    void cleanupTestCase() {
        ::shutdown(m_listener, SHUT_RDWR);
        m_server.join();
        ::close(m_listener);
    }

    void inFairWeatherEverythingPasses() {
        ChaosProxy proxy(m_port);
        const Received received = receive(proxy);
        QCOMPARE(received.bytes, kWhole);
        QCOMPARE(received.error, 0);
        QCOMPARE(proxy.connections(), 1);
    }
    void aCutComesAfterExactlyItsByte() {
        ChaosProxy proxy(m_port);
        for (std::size_t byte = 0; byte < kWhole; ++byte) {
            proxy.set({Weather::End::Cut, byte, 0, {}});
            QCOMPARE(receive(proxy).bytes, byte);
        }
    }
    void aResetIsAnError() {
        ChaosProxy proxy(m_port);
        proxy.set({Weather::End::Reset, 10, 0, {}});
        const Received received = receive(proxy);
        QVERIFY(received.bytes <= 10);
        QCOMPARE(received.error, ECONNRESET);
    }
    void aBlackHoleStaysOpen() {
        ChaosProxy proxy(m_port);
        proxy.set({Weather::End::BlackHole, 10, 0, {}});
        const Received received = receive(proxy);
        QCOMPARE(received.bytes, std::size_t{10});
        QCOMPARE(received.error, ETIMEDOUT);
    }
    void aThrottleKeepsItsRate() {
        ChaosProxy proxy(m_port);
        proxy.set({Weather::End::None, 0, 1'000, {}});
        const Received received = receive(proxy);
        QCOMPARE(received.bytes, kWhole);
        QVERIFY(received.took >= std::chrono::milliseconds(180));
    }
    void aDelayComesFirst() {
        ChaosProxy proxy(m_port);
        proxy.set({Weather::End::None, 0, 0, std::chrono::milliseconds(100)});
        const Received received = receive(proxy);
        QCOMPARE(received.bytes, kWhole);
        QVERIFY(received.took >= std::chrono::milliseconds(100));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::ChaosProxyTest;
QTEST_GUILESS_MAIN(ChaosProxyTest)
#include "tst_chaos_proxy.moc"
