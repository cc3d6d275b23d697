// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QTest>
#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <mutex>
#include <random>

#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/machine_link.grpc.pb.h>

#include "master/rpc/open_streams.h"
#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/message_limits.h"
#include "shared/rpc/status_adapter.h"
#include "tests/fault/inside_master.h"
#include "tests/master/rpc/contract.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::tests;
using master::rpc::allMethods;
using master::rpc::askGeneric;
using master::rpc::GenericCall;
using master::rpc::nameOf;

namespace {

/// Of this process, in which master and callers are together.
long residentMegabytes() {
    std::ifstream status("/proc/self/statm");
    long total = 0;
    long resident = 0;
    status >> total >> resident;
    return resident * ::sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

/// A varint that never ends, a length that is a lie, groups within groups, plain noise.
std::vector<std::string> malformed() {
    std::vector<std::string> out = {std::string(20, '\xff'),
                                    std::string("\x0a\xff\xff\xff\xff\x0f"),
                                    std::string("\x0a\x05"
                                                "abc"),
                                    std::string("\x0a\x03\xff\xfe\x80"),
                                    std::string(100'000, '\x0b'),
                                    std::string("\x00\x00\x00", 3)};
    std::string nested;
    for (int i = 0; i < 10'000; ++i)
        nested.insert(0, std::string("\x0a", 1) +
                             static_cast<char>(std::min(nested.size(), std::size_t{0x7f})));
    out.push_back(nested);
    std::mt19937 random(7);
    for (int i = 0; i < 8; ++i) {
        std::string noise(1 + random() % 2'000, '\0');
        for (char& c : noise)
            c = static_cast<char>(random());
        out.push_back(noise);
    }
    return out;
}

/// A TCP connection to the master; -1: none.
int connectTo(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

constexpr char kWatch[] = "ifrit.v1.MachineLink/Watch";

/// Streams that are opened at once and stay as long as the master and this object let them.
template <typename Notice>
class Watches {
public:
    /// Starts one stream.
    using Open = std::function<void(grpc::ClientContext*, grpc::ClientReadReactor<Notice>*)>;
    Watches(int count, const Open& open) {
        for (int i = 0; i < count; ++i)
            m_all.push_back(std::make_unique<Watch>(*this));
        for (const auto& watch : m_all)
            watch->begin(open);
    }
    ~Watches() {
        for (const auto& watch : m_all)
            watch->context.TryCancel();
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_ended == static_cast<int>(m_all.size()); });
    }
    int ended() const {
        const std::lock_guard lock(m_mutex);
        return m_ended;
    }
    /// Those that were refused with a time to come again.
    int shed() const {
        const std::lock_guard lock(m_mutex);
        return m_shed;
    }

private:
    class Watch final : public grpc::ClientReadReactor<Notice> {
    public:
        explicit Watch(Watches& all) : m_all(all) {}
        void begin(const Open& open) {
            open(&context, this);
            this->StartRead(&m_notice);
            this->StartCall();
        }
        void OnReadDone(bool ok) override {
            if (ok) this->StartRead(&m_notice);
        }
        void OnDone(const grpc::Status& status) override { m_all.ended(status); }
        grpc::ClientContext context;

    private:
        Watches& m_all;
        Notice m_notice;
    };
    void ended(const grpc::Status& answer) {
        const absl::Status status = ifrit::rpc::fromGrpc(answer);
        const bool isShed = base::errorInfo(status).reason == "TOO_MANY_STREAMS" &&
                            status.code() == absl::StatusCode::kResourceExhausted &&
                            base::callDetails(status).retryAfter > std::chrono::seconds(1);
        const std::lock_guard lock(m_mutex);
        ++m_ended;
        if (isShed) ++m_shed;
        m_changed.notify_all();
    }

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_ended = 0;
    int m_shed = 0;
    std::vector<std::unique_ptr<Watch>> m_all;
};

}  // namespace

/// Row B7: what a hostile or broken peer sends harms nobody else.
class TestWireFaults : public QObject {
    Q_OBJECT

    std::unique_ptr<InsideMaster> m_master;
    std::shared_ptr<grpc::Channel> m_bystander;
    std::unique_ptr<v1::MachineLink::Stub> m_other;

    /// A machine that has nothing to do with it is answered, and soon.
    bool othersAreServed() const {
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(5));
        v1::SyncResponse response;
        return m_other->Sync(&context, {}, &response).ok();
    }

private Q_SLOTS:
    void initTestCase() {
        m_master = std::make_unique<InsideMaster>();
        m_bystander = m_master->channel(m_master->enrol("bystander"));
        m_other = v1::MachineLink::NewStub(m_bystander);
        QVERIFY(othersAreServed());
    }
    void cleanupTestCase() {
        m_other.reset();
        m_bystander.reset();
        m_master.reset();
    }

    void malformedMessages() {
        const auto machine = m_master->channel(m_master->enrol("malformed"));
        int messages = 0;
        FaultTally methods;
        for (const auto& channel : {m_master->admin(), machine, m_master->channel()}) {
            for (const auto* method : allMethods()) {
                for (const std::string& bytes : malformed()) {
                    // Some noise is a message of fields that nobody knows: that may be answered.
                    (void)askGeneric(
                        channel,
                        {nameOf(*method), bytes, {}, nullptr, {}, {}, std::chrono::seconds(1)});
                    ++messages;
                    // A stream that was opened by noise waits for what never comes.
                    if (method->server_streaming()) break;
                }
                methods.count(othersAreServed(), "nobody is served after " + nameOf(*method));
            }
        }
        methods.print("B7", "malformed messages",
                      "methods, by three callers, of which " + std::to_string(messages) +
                          " messages did no harm to others");
        QCOMPARE(methods.failed(), std::string());
    }

    void tooLargeMessagesAndMetadata() {
        const long before = residentMegabytes();
        const auto machine = m_master->channel(m_master->enrol("large"));
        FaultTally calls;
        for (int i = 0; i < 20; ++i) {
            const auto big = askGeneric(
                machine,
                {"ifrit.v1.MachineLink/Sync", std::string(ifrit::rpc::kMaxMessageBytes + 1, 'x')});
            calls.count(big.status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED,
                        "a large message: " + big.status.error_message());
            GenericCall heavy{"ifrit.v1.MachineLink/Sync"};
            for (int header = 0; header < 100; ++header)
                heavy.metadata.emplace("x-" + std::to_string(header), std::string(8'000, 'x'));
            calls.count(!askGeneric(machine, heavy).status.ok(), "large metadata were taken");
        }
        const long grown = residentMegabytes() - before;
        calls.print("B7", "messages and metadata over the limits",
                    "refused; " + std::to_string(std::max(grown, 0L)) + " MiB more memory");
        QCOMPARE(calls.failed(), std::string());
        QVERIFY(othersAreServed());
        QVERIFY2(grown < 200, std::to_string(grown).c_str());
    }

    void manyStreams() {
        constexpr int kOpened = 2'000;
        constexpr int kStanding = static_cast<int>(master::rpc::OpenStreams::kMostOfAMachine);
        const long before = residentMegabytes();
        int told = 0;
        int standing = 0;
        const auto channel = m_master->channel(m_master->enrol("greedy"));
        const auto watch = [](const std::shared_ptr<grpc::Channel>& by) {
            return askGeneric(by, {kWatch, {}, {}, nullptr, {}, {}, std::chrono::milliseconds(500)})
                .status.error_code();
        };
        {
            const auto stub = v1::MachineLink::NewStub(channel);
            const v1::WatchGenerationRequest request;
            Watches<v1::GenerationNotice> watches(kOpened, [&](auto* context, auto* reactor) {
                stub->async()->Watch(context, &request, reactor);
            });
            QTRY_COMPARE_WITH_TIMEOUT(watches.shed(), kOpened - kStanding, 30'000);
            QCOMPARE(watches.ended(), kOpened - kStanding);
            QCOMPARE(watch(channel), grpc::StatusCode::RESOURCE_EXHAUSTED);
            QVERIFY(othersAreServed());
            // It ends because this test has waited long enough, and stood until then.
            QCOMPARE(watch(m_bystander), grpc::StatusCode::DEADLINE_EXCEEDED);
            QTRY_COMPARE(static_cast<int>(m_master->server().figures().machineStreams), kStanding);
            told = watches.shed();
            standing = static_cast<int>(m_master->server().figures().machineStreams);
        }
        QTRY_COMPARE(watch(channel), grpc::StatusCode::DEADLINE_EXCEEDED);
        const long grown = residentMegabytes() - before;
        printFaultRow("B7", "streams opened by one machine", standing + told, kOpened,
                      "of which " + std::to_string(standing) +
                          " stood, the others were told when to come again; " +
                          std::to_string(std::max(grown, 0L)) + " MiB more memory");
        QVERIFY2(grown < 200, std::to_string(grown).c_str());
    }

    /// Each of them would hold the whole fleet.
    void manyStreamsOfAnOperator() {
        constexpr int kOpened = 300;
        constexpr int kStanding = static_cast<int>(master::rpc::OpenStreams::kMostOfAnOperator);
        const auto stub = v1::Machines::NewStub(m_master->admin());
        const v1::WatchMachinesRequest request;
        int told = 0;
        {
            Watches<v1::WatchMachinesResponse> watches(kOpened, [&](auto* context, auto* reactor) {
                stub->async()->WatchMachines(context, &request, reactor);
            });
            QTRY_COMPARE_WITH_TIMEOUT(watches.shed(), kOpened - kStanding, 30'000);
            QCOMPARE(watches.ended(), kOpened - kStanding);
            QVERIFY(othersAreServed());
            told = watches.shed();
        }
        printFaultRow("B7", "streams opened by one operator", kStanding + told, kOpened,
                      "of which " + std::to_string(kStanding) +
                          " stood, the others were told when to come again");
    }

    /// Connections that say nothing, half of a hello, or nonsense.
    void halfOpenConnections() {
        constexpr int kEach = 100;
        const long before = residentMegabytes();
        std::vector<int> sockets;
        const std::vector<std::string> hellos = {
            {},
            std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            std::string(4'096, '\xff')};
        for (const std::string& hello : hellos) {
            for (int i = 0; i < kEach; ++i) {
                const int socket = connectTo(m_master->server().port());
                QVERIFY(socket >= 0);
                if (!hello.empty()) (void)::send(socket, hello.data(), hello.size(), MSG_NOSIGNAL);
                sockets.push_back(socket);
            }
        }
        for (int i = 0; i < 10; ++i)
            QVERIFY(othersAreServed());
        // A new caller finds its way in beside them.
        (void)m_master->enrol("late");
        const long grown = residentMegabytes() - before;
        QVERIFY2(grown < 200, std::to_string(grown).c_str());
        // They are not kept for ever.
        const auto isClosed = [](int socket) {
            std::array<char, 512> bytes{};
            ssize_t read = 0;
            do {  // an alert may come before the end
                read = ::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
            } while (read > 0);
            return read == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
        };
        const auto closed = [&] { return std::count_if(sockets.begin(), sockets.end(), isClosed); };
        const auto all = static_cast<std::ptrdiff_t>(sockets.size());
        const bool areClosed = QTest::qWaitFor([&] { return closed() == all; }, 25'000);
        printFaultRow("B7", "half-open connections", static_cast<int>(closed()),
                      static_cast<int>(all),
                      "closed by the master, others served meanwhile; " +
                          std::to_string(std::max(grown, 0L)) + " MiB more memory");
        for (const int socket : sockets)
            ::close(socket);
        QVERIFY(areClosed);
    }
};

QTEST_GUILESS_MAIN(TestWireFaults)
#include "tst_wire_faults.moc"
