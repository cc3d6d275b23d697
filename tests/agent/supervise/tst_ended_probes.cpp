// SPDX-License-Identifier: Apache-2.0
// Probes that run when ifrit-agent ends: its end must not wait for the agent that hangs.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include <QElapsedTimer>
#include <QTest>
#include <atomic>
#include <memory>
#include <vector>

#include "agent/platform/posix/unique_fd.h"
#include "agent/supervise/threaded_probe_runner.h"
#include "tests/agent/support/launched_agent.h"

using namespace ifrit;
using namespace ifrit::agent;
using namespace ifrit::agent::supervise;
using namespace std::chrono_literals;

namespace {

// Lets nobody be answered: what is connected waits in its queue, and that holds one.
class SilentServer {
public:
    SilentServer() : m_listener(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const raw = reinterpret_cast<sockaddr*>(&address);
        if (::bind(m_listener.get(), raw, size) != 0 || ::listen(m_listener.get(), 0) != 0 ||
            ::getsockname(m_listener.get(), raw, &size) != 0)
            qFatal("no server");
        m_address = address;
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(ntohs(m_address.sin_port)); }
    /// Nobody gets through any more: the next connect() waits.
    void fill() {
        for (int i = 0; i < 4; ++i) {
            m_clients.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            ::connect(m_clients.back().get(), reinterpret_cast<const sockaddr*>(&m_address),
                      sizeof m_address);
        }
    }

private:
    const platform::UniqueFd m_listener;
    std::vector<platform::UniqueFd> m_clients;
    sockaddr_in m_address{};
};

}  // namespace

class EndedProbesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_platform = *platform::makePlatform(); }
    void aProgramIsKilledWithAllThatItStarted();
    void aServerThatDoesNotAnswer_data();
    void aServerThatDoesNotAnswer();
    void whatAskedForNoStopHasItsTime();

private:
    ProbeRequest request(domain::Probe::Kind kind) const {
        ProbeRequest made;
        made.agent = "hanging";
        made.probe.kind = kind;
        made.probe.timeout = 10min;
        return made;
    }
    /// Begins the probe, ends the runner once `isUnderWay`, and returns what was said of the probe.
    ProbeResult endDuring(ProbeRequest asked, const std::function<bool()>& isUnderWay) {
        std::atomic<bool> begun{false};
        ProbeResult result{true, "nothing was said"};
        asked.begun = [&] { begun = true; };
        auto runner = std::make_unique<ThreadedProbeRunner>(*m_platform.commands, m_clock);
        runner->run(asked, [&](const ProbeResult& said) { result = said; });
        if (!tests::waitUntil([&] { return begun && isUnderWay(); })) qFatal("it does not begin");
        QElapsedTimer timer;
        timer.start();
        runner.reset();
        m_took = std::chrono::milliseconds(timer.elapsed());
        return result;
    }

    const base::SystemClock m_clock{};
    platform::Platform m_platform;
    std::chrono::milliseconds m_took{0};
};

void EndedProbesTest::aProgramIsKilledWithAllThatItStarted() {
    const QTemporaryDir directory;
    const std::string output = directory.filePath(QStringLiteral("out")).toStdString();
    ProbeRequest asked = request(domain::Probe::Kind::Exec);
    asked.probe.command = {"/bin/sh", "-c",
                           "trap '' TERM HUP; sleep 1000 & echo child $! >" + output + "; wait"};
    asked.environment = {{"PATH", "/usr/bin:/bin"}};
    int child = 0;
    const ProbeResult result = endDuring(asked, [&] {
        QFile file(QString::fromStdString(output));
        if (!file.open(QIODevice::ReadOnly)) return false;
        const QByteArray line = file.readAll();
        child = line.mid(6).trimmed().toInt();
        return line.endsWith('\n') && child > 0;
    });
    QVERIFY(!result.ok && !result.asked);
    QVERIFY(m_took < 10s);
    QVERIFY(tests::waitUntil([&] {
        const auto process = m_platform.processes->identify(child);
        return !process.ok() || !m_platform.processes->isAlive(*process);
    }));
}

void EndedProbesTest::aServerThatDoesNotAnswer_data() {
    QTest::addColumn<bool>("http");
    QTest::addColumn<bool>("full");
    QTest::newRow("http, connected") << true << false;
    QTest::newRow("http, not yet connected") << true << true;
    QTest::newRow("tcp, not yet connected") << false << true;
}

void EndedProbesTest::aServerThatDoesNotAnswer() {
    QFETCH(bool, http);
    QFETCH(bool, full);
    SilentServer server;
    if (full) server.fill();
    ProbeRequest asked = request(http ? domain::Probe::Kind::Http : domain::Probe::Kind::Tcp);
    asked.probe.address = server.address();
    asked.probe.url = "http://" + server.address() + "/";
    const ProbeResult result = endDuring(asked, [] { return true; });
    QVERIFY2(!result.ok && !result.asked, result.message.c_str());
    QVERIFY(m_took < 10s);
}

void EndedProbesTest::whatAskedForNoStopHasItsTime() {
    platform::LaunchSpec spec;
    spec.command = {"/bin/sh", "-c", "exit 3"};
    std::stop_source stop;
    const auto result = m_platform.commands->run(spec, 10min, stop.get_token());
    QVERIFY(result.ok());
    QCOMPARE(result->status.code, 3);
    stop.request_stop();  // of what has ended already
    QVERIFY(absl::IsCancelled(m_platform.commands->run(spec, 10min, stop.get_token()).status()));
}

QTEST_GUILESS_MAIN(EndedProbesTest)
#include "tst_ended_probes.moc"
