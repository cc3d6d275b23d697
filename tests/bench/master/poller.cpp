// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/master/poller.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "shared/base/ids.h"
#include "tests/bench/support/played_identities.h"

namespace ifrit::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kDeadline{30};
constexpr int kReportEach = 10;
/// The threads are there before the first call is due.
constexpr std::chrono::milliseconds kLead{5};

/// Microseconds of each call of one machine, late starts included: a server that stalls must not be
/// spared the calls that would have come meanwhile.
std::vector<double> work(Poller& poller, const Pace& pace, std::size_t machine,
                         std::size_t machines, Clock::time_point begin) {
    std::vector<double> took;
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock<std::mutex> lock(mutex);
    const auto end = begin + std::chrono::duration<double>(pace.seconds);
    const std::chrono::duration<double> spacing(
        pace.callsPerSecond ? static_cast<double>(machines) / *pace.callsPerSecond : 0);
    auto due =
        begin + std::chrono::duration_cast<Clock::duration>(
                    spacing * (static_cast<double>(machine) / static_cast<double>(machines)));
    for (;;) {
        if (pace.callsPerSecond) {
            never.wait_until(lock, due);
        } else {
            due = Clock::now();
        }
        if (due >= end) return took;
        (void)poller.poll();
        took.push_back(std::chrono::duration<double, std::micro>(Clock::now() - due).count());
        due += std::chrono::duration_cast<Clock::duration>(spacing);
    }
}

}  // namespace

Poller::Poller(const std::string& address, const rpc::TlsIdentity& tls, std::string kind)
    : m_stub(v1::MachineLink::NewStub(channelOf(address, tls))),
      m_kind(std::move(kind)),
      m_stream(base::randomUuid()) {}

void Poller::begin() {
    v1::SyncRequest request;
    auto& report = *request.mutable_report();
    report.set_seq(1);
    report.set_stream_id(m_stream);
    report.set_full(true);
    report.mutable_facts()->set_machine_type("LINUX");
    addAgent(report);
    const v1::SyncResponse response = call(request);
    m_sequence = 1;
    if (response.changed() && m_kind != "changed") {
        m_generation = response.desired().generation();
        m_etag = response.desired().etag();
    }
}

v1::SyncResponse Poller::poll() {
    v1::SyncRequest request;
    request.set_held_generation(m_generation);
    request.set_held_etag(m_etag);
    if (m_kind == "mixed" && ++m_polls % kReportEach == 0) {
        auto& report = *request.mutable_report();
        report.set_seq(++m_sequence);
        report.set_stream_id(m_stream);
        addAgent(report);
    }
    return call(request);
}

v1::SyncResponse Poller::call(const v1::SyncRequest& request) {
    grpc::ClientContext context;
    rpc::setDeadline(context, kDeadline);
    v1::SyncResponse response;
    const grpc::Status status = m_stub->Sync(&context, request, &response);
    if (!status.ok()) fail("sync: " + status.error_message());
    return response;
}

void Poller::addAgent(v1::ReportDelta& report) {
    auto& agent = *report.add_agents();
    agent.set_agent("exporter");
    agent.set_state(v1::MACHINE_STATE_HEALTHY);
    agent.set_running_version("1.0");
    agent.set_cpu_centipercent(static_cast<std::uint32_t>(++m_sample));
}

double Round::percentile(double part) const {
    return tookUs[static_cast<std::size_t>(part * static_cast<double>(tookUs.size() - 1))];
}

Pollers pollersOf(const std::string& address, const std::vector<rpc::TlsIdentity>& identities,
                  const std::string& kind) {
    Pollers pollers;
    for (const rpc::TlsIdentity& identity : identities) {
        pollers.push_back(std::make_unique<Poller>(address, identity, kind));
        pollers.back()->begin();
    }
    return pollers;
}

Round poll(const Pollers& pollers, const Pace& pace) {
    std::vector<std::vector<double>> took(pollers.size());
    const auto begin = Clock::now() + kLead;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < pollers.size(); ++i)
        threads.emplace_back(
            [&, i] { took[i] = work(*pollers[i], pace, i, pollers.size(), begin); });
    for (std::thread& thread : threads)
        thread.join();
    Round round;
    round.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    for (const auto& some : took)
        round.tookUs.insert(round.tookUs.end(), some.begin(), some.end());
    if (round.tookUs.size() < 100) fail("too few calls for a figure");
    std::sort(round.tookUs.begin(), round.tookUs.end());
    return round;
}

}  // namespace ifrit::bench
