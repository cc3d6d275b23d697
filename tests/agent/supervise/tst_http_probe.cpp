// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QTest>
#include <thread>

#include "agent/supervise/http_probe.h"
#include "shared/domain/probe_address.h"

using namespace ifrit;
using namespace ifrit::agent::supervise;
using namespace std::chrono_literals;

namespace {

enum class Then { Close, Hang };

/// Takes one connection on loopback, reads its request, says what it was told to.
class ScriptedServer {
public:
    ScriptedServer(std::string answer, Then then, int family = AF_INET)
        : m_family(family), m_answer(std::move(answer)), m_then(then) {
        m_listener = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_storage any{};
        any.ss_family = static_cast<sa_family_t>(family);
        if (family == AF_INET) {
            reinterpret_cast<sockaddr_in*>(&any)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        } else {
            reinterpret_cast<sockaddr_in6*>(&any)->sin6_addr = in6addr_loopback;
        }
        socklen_t size = sizeof any;
        if (::bind(m_listener, reinterpret_cast<sockaddr*>(&any), size) != 0) qFatal("bind");
        ::listen(m_listener, 1);
        ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&any), &size);
        m_port = ntohs(family == AF_INET ? reinterpret_cast<sockaddr_in*>(&any)->sin_port
                                         : reinterpret_cast<sockaddr_in6*>(&any)->sin6_port);
        m_thread = std::thread([this] { serveOne(); });
    }
    ~ScriptedServer() {
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        ::close(m_listener);
    }
    std::string url(const std::string& target = "/health") const {
        return fmt::format("http://{}:{}{}", m_family == AF_INET ? "127.0.0.1" : "[::1]", m_port,
                           target);
    }
    std::uint16_t port() const { return m_port; }
    /// After the probe has returned.
    const std::string& request() const { return m_request; }

private:
    void serveOne() {
        const int peer = ::accept(m_listener, nullptr, nullptr);
        if (peer < 0) return;
        std::array<char, 4096> bytes{};
        while (m_request.find("\r\n\r\n") == std::string::npos) {
            const auto got = ::recv(peer, bytes.data(), bytes.size(), 0);
            if (got <= 0) break;
            m_request.append(bytes.data(), static_cast<std::size_t>(got));
        }
        std::string_view left = m_answer;
        while (!left.empty()) {
            const auto sent = ::send(peer, left.data(), left.size(), MSG_NOSIGNAL);
            if (sent <= 0) break;
            left.remove_prefix(static_cast<std::size_t>(sent));
        }
        // Until the probe has had enough.
        while (m_then == Then::Hang && ::recv(peer, bytes.data(), bytes.size(), 0) > 0) {
        }
        ::close(peer);
    }

    const int m_family;
    const std::string m_answer;
    const Then m_then;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::string m_request;
    std::thread m_thread;
};

}  // namespace

class HttpProbeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void urls_data();
    void urls();
    void badUrls_data();
    void badUrls();
    void statusLines_data();
    void statusLines();
    void answers_data();
    void answers();
    void saysWhatHttpAsks();
    void servesOverIpv6();
    void localhostIsTriedOnBothProtocols();
    void hangingServers_data();
    void hangingServers();
    void endlessBodyIsAnAnswer();
};

void HttpProbeTest::urls_data() {
    QTest::addColumn<std::string>("url");
    QTest::addColumn<std::string>("address");
    QTest::addColumn<std::string>("target");
    QTest::newRow("path") << std::string("http://127.0.0.1:9100/metrics")
                          << std::string("127.0.0.1:9100") << std::string("/metrics");
    QTest::newRow("no path") << std::string("http://127.0.0.1:9100")
                             << std::string("127.0.0.1:9100") << std::string("/");
    QTest::newRow("no port") << std::string("http://localhost/ready") << std::string("localhost:80")
                             << std::string("/ready");
    QTest::newRow("v6") << std::string("http://[::1]:8080/") << std::string("[::1]:8080")
                        << std::string("/");
    QTest::newRow("v6 without port")
        << std::string("http://[::1]/a") << std::string("[::1]:80") << std::string("/a");
    QTest::newRow("query alone") << std::string("http://localhost:1?a=b:c")
                                 << std::string("localhost:1") << std::string("/?a=b:c");
    QTest::newRow("fragment is not sent") << std::string("http://localhost:1/a#b@c")
                                          << std::string("localhost:1") << std::string("/a");
}

void HttpProbeTest::urls() {
    QFETCH(std::string, url);
    const auto parsed = domain::parseHttpUrl(url);
    QVERIFY2(parsed.ok(), base::messageOf(parsed.status()).c_str());
    QTEST(parsed->address, "address");
    QTEST(parsed->target, "target");
}

void HttpProbeTest::badUrls_data() {
    QTest::addColumn<std::string>("url");
    for (const char* url :
         {"", "http://", "https://localhost/", "http:/localhost", "http://:80/",
          "http://a@localhost:1/", "http://localhost:0/", "http://localhost:65536/",
          "http://localhost:x/", "http://::1/", "http://[::1/", "http://[]:1/",
          "http://localhost:1/a b", "http://localhost:1/\r\nX: y"}) {
        QTest::newRow(url) << std::string(url);
    }
}

void HttpProbeTest::badUrls() {
    QFETCH(std::string, url);
    QVERIFY(absl::IsInvalidArgument(domain::parseHttpUrl(url).status()));
    const ProbeResult result = checkHttp(url, 1s);
    QVERIFY(!result.ok);
    QVERIFY(!result.message.empty());
}

void HttpProbeTest::statusLines_data() {
    QTest::addColumn<std::string>("line");
    QTest::addColumn<int>("status");
    QTest::newRow("plain") << std::string("HTTP/1.1 200 OK") << 200;
    QTest::newRow("1.0") << std::string("HTTP/1.0 404 Not Found") << 404;
    QTest::newRow("empty reason") << std::string("HTTP/1.1 503 ") << 503;
    QTest::newRow("no reason") << std::string("HTTP/1.1 204") << 204;
    for (const char* line : {"", "HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2000", "HTTP/1.1 20x OK",
                             "HTTP/1.1  200", "HTTP/2 200 OK", "HTTP/1.2 200 OK", "http/1.1 200 OK",
                             "HTTP/1.1 -20 OK", "HTTP/1.1 099 OK", "SSH-2.0-OpenSSH_9.2"}) {
        QTest::newRow(line[0] == '\0' ? "nothing" : line) << std::string(line) << 0;
    }
}

void HttpProbeTest::statusLines() {
    QFETCH(std::string, line);
    QFETCH(int, status);
    const auto parsed = parseStatusLine(line);
    QCOMPARE(parsed.ok(), status != 0);
    if (parsed.ok()) QCOMPARE(*parsed, status);
}

void HttpProbeTest::answers_data() {
    QTest::addColumn<std::string>("answer");
    QTest::addColumn<bool>("ok");
    QTest::addColumn<std::string>("said");
    const auto row = [](const char* name, std::string answer, bool ok, std::string said) {
        QTest::newRow(name) << std::move(answer) << ok << std::move(said);
    };
    row("ok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true, "HTTP 200 from ");
    row("no header fields", "HTTP/1.0 200 OK\r\n\r\n", true, "HTTP 200 from ");
    row("299", "HTTP/1.1 299 Fine\r\n\r\n", true, "HTTP 299 from ");
    row("redirect", "HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n", false, "HTTP 301 from ");
    row("informational first", "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        true, "HTTP 200 from ");
    row("silence", "", false, "closed without an answer");
    row("half a line", "HTTP/1.1 20", false, "closed within its header");
    row("half a header", "HTTP/1.1 200 OK\r\nServer: x\r\n", false, "closed within its header");
    row("another protocol", "220 mail ESMTP\r\n\r\n", false, "does not speak HTTP");
    row("endless header", "HTTP/1.1 200 OK\r\nA: " + std::string(200 * 1024, 'a'), false,
        "its header is over 64 KiB");
    row("endless line", std::string(200 * 1024, 'a'), false, "its header is over 64 KiB");
    row("NUL bytes", std::string("\0\0\r\n\r\n", 6), false, "does not speak HTTP");
}

void HttpProbeTest::answers() {
    QFETCH(std::string, answer);
    QFETCH(bool, ok);
    QFETCH(std::string, said);
    ScriptedServer server(answer, Then::Close);
    const ProbeResult result = checkHttp(server.url(), 10s);
    QVERIFY2(result.message.find(said) != std::string::npos, result.message.c_str());
    QCOMPARE(result.ok, ok);
}

void HttpProbeTest::saysWhatHttpAsks() {
    std::string request;
    std::uint16_t port = 0;
    {
        ScriptedServer server("HTTP/1.1 200 OK\r\n\r\n", Then::Close);
        QVERIFY(checkHttp(server.url("/a?b=c"), 10s).ok);
        request = server.request();
        port = server.port();
    }
    QCOMPARE(request.substr(0, request.find("\r\n")), std::string("GET /a?b=c HTTP/1.1"));
    QVERIFY(request.find(fmt::format("\r\nHost: 127.0.0.1:{}\r\n", port)) != std::string::npos);
    QVERIFY(request.find("\r\nConnection: close\r\n") != std::string::npos);
}

void HttpProbeTest::servesOverIpv6() {
    ScriptedServer server("HTTP/1.1 200 OK\r\n\r\n", Then::Close, AF_INET6);
    const ProbeResult result = checkHttp(server.url(), 10s);
    QVERIFY2(result.ok, result.message.c_str());
}

void HttpProbeTest::localhostIsTriedOnBothProtocols() {
    ScriptedServer server("HTTP/1.1 200 OK\r\n\r\n", Then::Close, AF_INET6);
    const auto result = checkHttp(fmt::format("http://localhost:{}/", server.port()), 10s);
    QVERIFY2(result.ok, result.message.c_str());
    const auto named = checkHttp(fmt::format("http://metrics.example:{}/", server.port()), 10s);
    QVERIFY(!named.ok);
    QVERIFY2(named.message.find("use an address or localhost") != std::string::npos,
             named.message.c_str());
}

void HttpProbeTest::hangingServers_data() {
    QTest::addColumn<std::string>("answer");
    QTest::newRow("before a word") << std::string();
    QTest::newRow("in its header") << std::string("HTTP/1.1 200 OK\r\nServer:");
    QTest::newRow("in its body") << std::string("HTTP/1.1 200 OK\r\n\r\nhalf");
}

void HttpProbeTest::hangingServers() {
    QFETCH(std::string, answer);
    ScriptedServer server(answer, Then::Hang);
    const auto begin = std::chrono::steady_clock::now();
    const ProbeResult result = checkHttp(server.url(), 150ms);
    const auto took = std::chrono::steady_clock::now() - begin;
    QVERIFY(!result.ok);
    QVERIFY2(result.message.find("timed out after 150 ms") != std::string::npos,
             result.message.c_str());
    QVERIFY(took >= 145ms && took < 8s);
}

void HttpProbeTest::endlessBodyIsAnAnswer() {
    ScriptedServer server("HTTP/1.1 200 OK\r\n\r\n" + std::string(4 * 1024 * 1024, 'x'),
                          Then::Hang);
    QVERIFY(checkHttp(server.url(), 10s).ok);
}

QTEST_GUILESS_MAIN(HttpProbeTest)
#include "tst_http_probe.moc"
