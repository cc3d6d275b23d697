// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>

#include "agent/supervise/probe_check.h"
#include "tests/agent/support/launched_agent.h"

using namespace ifrit;
using namespace ifrit::agent;
using namespace ifrit::agent::supervise;
using namespace std::chrono_literals;

/// Against a real server and real programs.
class ProbeCheckTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_platform = *platform::makePlatform(); }
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void cleanup();
    void httpStatuses_data();
    void httpStatuses();
    void tcpToAListenerAndToNobody();
    void silentServerTimesOut();
    void proxyOfTheEnvironmentIsNotUsed();
    void withoutDescriptorsNobodyIsAsked();
    void exec_data();
    void exec();
    void withoutItsAccountNobodyIsAsked();

private:
    std::string serve(int status) {
        platform::LaunchSpec spec;
        spec.command = {tests::misbehavingAgent(), "http", std::to_string(status)};
        spec.outputFile = m_dir->filePath(QStringLiteral("out")).toStdString();
        m_server = *m_platform.launcher->launch(spec);
        return "127.0.0.1:" + tests::awaitWord(spec.outputFile, "port");
    }
    ProbeResult http(const std::string& address, std::chrono::milliseconds timeout = 10s) {
        ProbeRequest request;
        request.probe.kind = domain::Probe::Kind::Http;
        request.probe.url = "http://" + address + "/health";
        request.probe.timeout = timeout;
        return checkProbe(request, *m_platform.commands);
    }
    ProbeResult tcp(const std::string& address) {
        ProbeRequest request;
        request.probe.kind = domain::Probe::Kind::Tcp;
        request.probe.address = address;
        request.probe.timeout = 10s;
        return checkProbe(request, *m_platform.commands);
    }

    platform::Platform m_platform;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::optional<platform::ProcessId> m_server;
};

void ProbeCheckTest::cleanup() {
    if (!m_server) return;
    m_platform.signaller->signal(*m_server, platform::Signal::Kill).IgnoreError();
    ::waitpid(m_server->pid, nullptr, 0);
    m_server.reset();
}

void ProbeCheckTest::httpStatuses_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("ok");
    QTest::newRow("200") << 200 << true;
    QTest::newRow("204") << 204 << true;
    QTest::newRow("302") << 302 << false;
    QTest::newRow("404") << 404 << false;
    QTest::newRow("503") << 503 << false;
}

void ProbeCheckTest::httpStatuses() {
    QFETCH(int, status);
    QFETCH(bool, ok);
    const std::string address = serve(status);
    const ProbeResult result = http(address);
    QCOMPARE(result.ok, ok);
    QCOMPARE(result.message, fmt::format("HTTP {} from http://{}/health", status, address));
}

void ProbeCheckTest::tcpToAListenerAndToNobody() {
    const std::string address = serve(200);
    const ProbeResult answered = tcp(address);
    QVERIFY2(answered.ok, answered.message.c_str());
    cleanup();
    const ProbeResult refused = tcp(address);
    QVERIFY(!refused.ok);
    QVERIFY2(refused.message.find(address) == 0, refused.message.c_str());
    QVERIFY(!http(address).ok);
}

void ProbeCheckTest::silentServerTimesOut() {
    const std::string address = serve(0);
    const auto begin = std::chrono::steady_clock::now();
    const ProbeResult result = http(address, 200ms);
    const auto took = std::chrono::steady_clock::now() - begin;
    QVERIFY(!result.ok);
    QVERIFY(took >= 190ms && took < 8s);
    QVERIFY2(result.message.find("timed out") != std::string::npos, result.message.c_str());
    QVERIFY(tcp(address).ok);  // connecting works
}

void ProbeCheckTest::proxyOfTheEnvironmentIsNotUsed() {
    qputenv("http_proxy", "http://127.0.0.1:1");
    const ProbeResult result = http(serve(200));
    qunsetenv("http_proxy");
    QVERIFY2(result.ok, result.message.c_str());
}

/// Our own want, of which the agent knows nothing: it must not be restarted for it.
void ProbeCheckTest::withoutDescriptorsNobodyIsAsked() {
    const std::string address = serve(200);
    ProbeRequest request;
    request.probe.kind = domain::Probe::Kind::Exec;
    request.probe.command = {"/bin/true"};
    request.probe.timeout = 10s;
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const int next = ::dup(0);
    ::close(next);
    // From none to the last that is missing.
    for (int left = 0; left < 12; ++left) {
        const rlimit none{static_cast<rlim_t>(next + left), before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
        const ProbeResult results[] = {checkProbe(request, *m_platform.commands), tcp(address),
                                       http(address)};
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
        for (const ProbeResult& result : results)
            QVERIFY2(result.ok || !result.asked, result.message.c_str());
        if (left == 0) QVERIFY(!results[0].ok && !results[1].ok && !results[2].ok);
        if (left == 11) QVERIFY(results[0].ok);
    }
}

void ProbeCheckTest::exec_data() {
    QTest::addColumn<QString>("script");
    QTest::addColumn<bool>("ok");
    QTest::addColumn<QString>("said");
    QTest::newRow("good") << "exit 0" << true << "/bin/sh exited with code 0";
    QTest::newRow("bad with a reason")
        << "echo queue; echo is full >&2; exit 2" << false << "/bin/sh exited with code 2: is full";
    QTest::newRow("commands to a terminal")
        << "printf 'fine\\n\\033[2J\\033]0;owned\\007\\r\\n'; exit 1" << false
        << "/bin/sh exited with code 1: ?[2J?]0;owned?";
    QTest::newRow("environment and directory")
        << "echo $PWD $A; exit 1" << false << "/bin/sh exited with code 1: /tmp b";
    QTest::newRow("hangs") << "exec sleep 1000" << false << "/bin/sh gave no answer in 300 ms";
}

void ProbeCheckTest::exec() {
    QFETCH(QString, script);
    QFETCH(bool, ok);
    QFETCH(QString, said);
    ProbeRequest request;
    request.probe.kind = domain::Probe::Kind::Exec;
    request.probe.command = {"/bin/sh", "-c", script.toStdString()};
    request.probe.timeout = script.contains(QStringLiteral("1000")) ? 300ms : 20'000ms;
    request.environment = {{"PATH", "/usr/bin:/bin"}, {"A", "b"}};
    request.workingDirectory = "/tmp";
    const ProbeResult result = checkProbe(request, *m_platform.commands);
    QCOMPARE(result.ok, ok);
    QCOMPARE(QString::fromStdString(result.message), said);
    request.probe.command = {"/no/such/probe"};
    QVERIFY(!checkProbe(request, *m_platform.commands).ok);
}

/// Who answers for users is away: it says nothing of the agent.
void ProbeCheckTest::withoutItsAccountNobodyIsAsked() {
    ProbeRequest request;
    request.probe.kind = domain::Probe::Kind::Exec;
    request.probe.command = {"/bin/true"};
    request.probe.timeout = 20s;
    request.findAccount = [] { return absl::UnavailableError("no answer"); };
    const ProbeResult result = checkProbe(request, *m_platform.commands);
    QVERIFY(!result.ok && !result.asked);
    QCOMPARE(result.message, std::string("not asked: no answer"));
}

QTEST_GUILESS_MAIN(ProbeCheckTest)
#include "tst_probe_check.moc"
