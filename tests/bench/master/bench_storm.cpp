// SPDX-License-Identifier: Apache-2.0
// Machines that lose their master all at one instant and all turn to it again at once, which
// ifrit-agent does not: it spreads them over half a minute.
//
//     bench_storm master ADDRESS CA_FILE DIRECTORY COUNT AT_ONCE
//     bench_storm bare   ADDRESS CA_FILE DIRECTORY COUNT AT_ONCE
//
// Each connects, polls and holds its Watch, so many at a time; then it prints "connected", and once
// the lines break they come back all together. A master has to acknowledge what they report, a bare
// server (bench_echo) only to answer. The machines are those of `bench_load enrol`. Prints one JSON
// line.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "ifrit/v1/machine_link.grpc.pb.h"
#include "shared/base/backoff.h"
#include "shared/base/call_details.h"
#include "shared/base/ids.h"
#include "shared/domain/link_times.h"
#include "shared/rpc/status_adapter.h"
#include "tests/bench/support/played_identities.h"

namespace {

using namespace ifrit;
using bench::fail;
using Clock = std::chrono::system_clock;

/// Who has no answer by then is lost.
constexpr std::chrono::seconds kPatience{300};
/// ifrit-agent's.
constexpr base::Backoff::Policy kBackoff{std::chrono::milliseconds(500), domain::kLongestBackoff,
                                         std::chrono::milliseconds(50)};

double unixSeconds(Clock::time_point at) {
    return std::chrono::duration<double>(at.time_since_epoch()).count();
}

class Storm;

/// A machine's Watch; its end is the end of the line.
class Line final : public grpc::ClientReadReactor<v1::GenerationNotice> {
public:
    Line(Storm& storm, std::size_t machine, v1::MachineLink::Stub& stub)
        : m_storm(storm), m_machine(machine) {
        stub.async()->Watch(&m_context, &m_request, this);
        StartRead(&m_notice);
        StartCall();
    }
    void OnReadDone(bool ok) override {
        if (ok) StartRead(&m_notice);
    }
    void OnDone(const grpc::Status&) override;

private:
    Storm& m_storm;
    const std::size_t m_machine;
    grpc::ClientContext m_context;
    v1::WatchGenerationRequest m_request;
    v1::GenerationNotice m_notice;
};

class Storm {
public:
    enum class Server { Master, Bare };

    Storm(std::string address, std::vector<rpc::TlsIdentity> identities, Server server)
        : m_address(std::move(address)), m_server(server) {
        for (rpc::TlsIdentity& identity : identities) {
            Machine& machine = m_machines.emplace_back();
            machine.identity = std::move(identity);
        }
    }

    /// All turn to the master, at most so many at a time. False: some have no answer in time.
    bool come(std::size_t atOnce) {
        {
            const std::lock_guard<std::mutex> lock(m_mutex);
            begin(atOnce);
            for (std::size_t i = 0; i < m_machines.size(); ++i)
                m_due.push({m_began, i});
        }
        return untilAllAreBack();
    }
    /// The same once their lines have broken.
    bool comeBack() {
        {
            std::unique_lock<std::mutex> lock(m_mutex);
            m_changed.wait(lock, [this] { return m_broken > 0; });
            begin(std::numeric_limits<std::size_t>::max());
            for (std::size_t i = 0; i < m_machines.size(); ++i) {
                if (m_machines[i].isBroken) m_due.push({m_began, i});
            }
            m_isStorm = true;
        }
        return untilAllAreBack();
    }
    void print() {
        const std::lock_guard<std::mutex> lock(m_mutex);
        std::sort(m_backAt.begin(), m_backAt.end());
        const auto at = [this](double part) {
            if (m_backAt.empty()) return 0.0;
            const auto last = static_cast<double>(m_backAt.size() - 1);
            return unixSeconds(m_backAt[static_cast<std::size_t>(part * last)]);
        };
        std::printf(
            "{\"machines\": %zu, \"lost\": %zu, \"began_at\": %.6f, \"half_at\": %.6f, "
            "\"last_at\": %.6f, \"shed\": %zu, \"told_when\": %zu, \"found_nobody\": %zu, "
            "\"sent_away\": %zu, \"unanswered\": %zu}\n",
            m_machines.size(), m_machines.size() - m_backAt.size(), unixSeconds(m_began), at(0.5),
            at(1), m_shed, m_toldWhen, m_foundNobody, m_sentAway, m_unanswered);
        std::fflush(stdout);
    }
    void lineEnded(std::size_t machine) {
        const std::lock_guard<std::mutex> lock(m_mutex);
        // In the storm a stream says nothing: that each has its answer is what counts.
        if (m_isStorm && m_machines[machine].isBroken) return;
        m_machines[machine].isBroken = true;
        m_machines[machine].needsLine = true;
        ++m_broken;
        if (m_isStorm) m_due.push({Clock::now(), machine});
        m_changed.notify_all();
    }

private:
    struct Machine {
        rpc::TlsIdentity identity;
        std::shared_ptr<grpc::Channel> channel;
        std::unique_ptr<v1::MachineLink::Stub> stub;
        std::unique_ptr<Line> line;
        const std::string stream = base::randomUuid();
        std::uint64_t sequence = 0;
        std::uint64_t generation = 0;
        std::uint64_t etag = 0;
        base::Backoff backoff{kBackoff, base::systemUniformRandom()};
        bool needsLine = true;
        bool isBroken = false;
    };
    struct Due {
        Clock::time_point at;
        std::size_t machine;
        bool operator<(const Due& other) const { return at > other.at; }
    };
    struct Call {
        grpc::ClientContext context;
        v1::SyncRequest request;
        v1::SyncResponse response;
    };

    void begin(std::size_t atOnce) {
        m_atOnce = atOnce;
        m_backAt.clear();
        m_shed = m_toldWhen = m_foundNobody = m_sentAway = m_unanswered = 0;
        m_began = Clock::now();
    }
    bool untilAllAreBack() {
        std::unique_lock<std::mutex> lock(m_mutex);
        while (m_backAt.size() < m_machines.size()) {
            const auto now = Clock::now();
            if (now >= m_began + kPatience) return false;
            const bool mayTurn = !m_due.empty() && m_turning < m_atOnce;
            if (!mayTurn || m_due.top().at > now) {
                m_changed.wait_until(lock,
                                     std::min(mayTurn ? m_due.top().at : Clock::time_point::max(),
                                              m_began + kPatience));
                continue;
            }
            const std::size_t machine = m_due.top().machine;
            m_due.pop();
            ++m_turning;
            lock.unlock();
            turn(machine);
            lock.lock();
        }
        return true;
    }

    /// On the main thread; of one machine there is one turn at a time.
    void turn(std::size_t number) {
        Machine& machine = m_machines[number];
        if (machine.needsLine) {
            machine.stub.reset();
            machine.channel = bench::channelOf(m_address, machine.identity);
            machine.stub = v1::MachineLink::NewStub(machine.channel);
            machine.needsLine = false;
        }
        auto call = std::make_shared<Call>();
        call->request.set_held_generation(machine.generation);
        call->request.set_held_etag(machine.etag);
        auto& report = *call->request.mutable_report();
        report.set_seq(++machine.sequence);
        report.set_stream_id(machine.stream);
        report.set_full(true);
        report.mutable_facts()->set_machine_type("LINUX");
        auto& agent = *report.add_agents();
        agent.set_agent("exporter");
        agent.set_state(v1::MACHINE_STATE_HEALTHY);
        agent.set_running_version("1.0");
        rpc::setDeadline(call->context, domain::kLongestCall);
        machine.stub->async()->Sync(
            &call->context, &call->request, &call->response,
            [this, number, call](const grpc::Status& status) { ended(number, status, *call); });
    }
    void ended(std::size_t number, const grpc::Status& status, const Call& call) {
        Machine& machine = m_machines[number];
        // The echo acknowledges what another one had reported.
        const bool isKept =
            m_server == Server::Bare || call.response.acked_seq() >= call.request.report().seq();
        const bool isBack = status.ok() && isKept;
        {
            const std::lock_guard<std::mutex> lock(m_mutex);
            --m_turning;
            if (isBack) {
                if (call.response.changed()) {
                    machine.generation = call.response.desired().generation();
                    machine.etag = call.response.desired().etag();
                }
                m_backAt.push_back(Clock::now());
                machine.backoff.reset();
                // The former one has ended with its line.
                if (machine.line != nullptr) m_former.push_back(std::move(machine.line));
            } else {
                again(number, status);
            }
        }
        // In the storm too: it is what a machine does, and what the master has to bear.
        if (isBack) machine.line = std::make_unique<Line>(*this, number, *machine.stub);
        m_changed.notify_all();
    }
    void again(std::size_t number, const grpc::Status& status) {
        Machine& machine = m_machines[number];
        std::chrono::milliseconds wait = machine.backoff.next();
        if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
            ++m_shed;
            const auto told = base::callDetails(rpc::fromGrpc(status)).retryAfter;
            if (told.count() > 0) ++m_toldWhen;
            wait = std::max(wait, told);
        } else if (!status.ok()) {
            machine.needsLine = true;
            const bool isRefused =
                status.error_message().find("Connection refused") != std::string::npos;
            if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED)
                ++m_unanswered;
            else if (status.error_code() != grpc::StatusCode::UNAVAILABLE)
                fail("sync: " + status.error_message());
            else
                ++(isRefused ? m_foundNobody : m_sentAway);
        }
        m_due.push({Clock::now() + wait, number});
    }

    const std::string m_address;
    const Server m_server;
    std::vector<Machine> m_machines;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::priority_queue<Due> m_due;
    std::vector<std::unique_ptr<Line>> m_former;
    std::size_t m_atOnce = 0;
    std::size_t m_turning = 0;
    std::size_t m_broken = 0;
    bool m_isStorm = false;
    Clock::time_point m_began;
    std::vector<Clock::time_point> m_backAt;
    std::size_t m_shed = 0;
    std::size_t m_toldWhen = 0;
    std::size_t m_foundNobody = 0;
    std::size_t m_sentAway = 0;
    std::size_t m_unanswered = 0;
};

void Line::OnDone(const grpc::Status&) {
    m_storm.lineEnded(m_machine);
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() != 6) fail("see the head of bench_storm.cpp");
    auto identities = bench::identitiesIn(words[3], bench::contents(words[2]));
    const auto count = static_cast<std::size_t>(std::atoi(words[4].c_str()));
    const auto atOnce = static_cast<std::size_t>(std::atoi(words[5].c_str()));
    if (count == 0 || count > identities.size() || atOnce == 0) fail("not so many machines");
    identities.resize(count);
    if (words[0] != "master" && words[0] != "bare") fail("see the head of bench_storm.cpp");
    Storm storm(words[1], std::move(identities),
                words[0] == "master" ? Storm::Server::Master : Storm::Server::Bare);
    if (!storm.come(atOnce)) fail("not all machines could connect");
    std::puts("connected");
    std::fflush(stdout);
    (void)storm.comeBack();
    storm.print();
    // Thousands of lines are left to the kernel.
    std::_Exit(0);
}
