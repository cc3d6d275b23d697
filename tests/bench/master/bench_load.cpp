// SPDX-License-Identifier: Apache-2.0
// Machines that do nothing but poll, each on a connection and with a certificate of its own.
//
//     bench_load enrol ADDRESS CA_FILE DIRECTORY < join tokens, a line each
//     bench_load reply ADDRESS CA_FILE DIRECTORY KIND FILE      what a poll is answered, for
//     bench_echo
//     bench_load run   ADDRESS CA_FILE DIRECTORY KIND SECONDS [CALLS_PER_SECOND]
//     bench_load hold  ADDRESS CA_FILE DIRECTORY                connected, until standard input
//     ends
//     bench_load watch ADDRESS CA_FILE DIRECTORY                until all are told of a newer
//     generation than they found
//
// KIND: unchanged, changed (each poll is answered with the whole desired state), mixed (every tenth
// poll brings a report that is made durable). Without a rate each machine polls again at once.
// `run` prints one JSON line.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ifrit/v1/machine_link.grpc.pb.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/channel.h"
#include "tests/bench/support/played_identities.h"

namespace {

using namespace ifrit;
using bench::channelOf;
using bench::contents;
using bench::fail;
using bench::identitiesIn;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kDeadline{30};
constexpr int kReportEach = 10;
constexpr int kEnrolling = 4;

void enrolOne(v1::Enrolment::Stub& stub, const std::string& token, const std::string& directory,
              int number) {
    v1::EnrolRequest request;
    request.set_join_token(token);
    request.set_uuid(std::filesystem::path(directory).filename().string() + '-' +
                     std::to_string(number));
    request.mutable_facts()->set_machine_type("LINUX");
    const auto key = crypto::generatePrivateKey();
    if (!key.ok()) fail(base::messageOf(key.status()));
    const auto csr = crypto::createCsr(*key, request.uuid());
    if (!csr.ok()) fail(base::messageOf(csr.status()));
    request.set_csr_pem(*csr);
    grpc::ClientContext context;
    rpc::setDeadline(context, kDeadline);
    v1::EnrolResponse response;
    const grpc::Status status = stub.Enrol(&context, request, &response);
    if (!status.ok()) fail("enrolment: " + status.error_message());
    const std::string path = directory + '/' + std::to_string(number);
    std::ofstream(path + ".pem") << response.certificate_pem();
    std::ofstream(path + ".key") << *key;
}

/// A few at a time, on one connection: what enrolling costs is not what is measured here.
int enrol(const std::string& address, const std::string& ca, const std::string& directory) {
    std::vector<std::string> tokens;
    for (std::string token; std::getline(std::cin, token);)
        tokens.push_back(token);
    const auto stub = v1::Enrolment::NewStub(channelOf(address, {ca, "", ""}));
    std::atomic<int> next{0};
    const auto work = [&] {
        for (int number = next++; number < static_cast<int>(tokens.size()); number = next++)
            enrolOne(*stub, tokens[static_cast<std::size_t>(number)], directory, number);
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < kEnrolling; ++i)
        threads.emplace_back(work);
    for (std::thread& thread : threads)
        thread.join();
    return 0;
}

/// One machine: a connection of its own, and what it holds.
class Poller {
public:
    Poller(const std::string& address, const rpc::TlsIdentity& tls, std::string kind)
        : m_stub(v1::MachineLink::NewStub(channelOf(address, tls))), m_kind(std::move(kind)) {}

    /// Reports in full, and learns what it is to hold.
    void begin() {
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
    v1::SyncResponse poll() {
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

private:
    v1::SyncResponse call(const v1::SyncRequest& request) {
        grpc::ClientContext context;
        rpc::setDeadline(context, kDeadline);
        v1::SyncResponse response;
        const grpc::Status status = m_stub->Sync(&context, request, &response);
        if (!status.ok()) fail("sync: " + status.error_message());
        return response;
    }
    void addAgent(v1::ReportDelta& report) {
        auto& agent = *report.add_agents();
        agent.set_agent("exporter");
        agent.set_state(v1::MACHINE_STATE_HEALTHY);
        agent.set_running_version("1.0");
        agent.set_cpu_centipercent(static_cast<std::uint32_t>(++m_sample));
    }

    const std::unique_ptr<v1::MachineLink::Stub> m_stub;
    const std::string m_kind;
    const std::string m_stream = base::randomUuid();
    std::uint64_t m_sequence = 0;
    std::uint64_t m_generation = 0;
    std::uint64_t m_etag = 0;
    std::uint64_t m_polls = 0;
    std::uint64_t m_sample = 0;
};

struct Pace {
    double seconds = 0;
    std::optional<double> callsPerSecond;  ///< of all together
};

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
        poller.poll();
        took.push_back(std::chrono::duration<double, std::micro>(Clock::now() - due).count());
        due += std::chrono::duration_cast<Clock::duration>(spacing);
    }
}

int run(const std::string& address, const std::vector<rpc::TlsIdentity>& identities,
        const std::string& kind, const Pace& pace) {
    std::vector<std::unique_ptr<Poller>> pollers;
    for (const rpc::TlsIdentity& identity : identities) {
        pollers.push_back(std::make_unique<Poller>(address, identity, kind));
        pollers.back()->begin();
    }
    std::vector<std::vector<double>> took(pollers.size());
    const auto begin = Clock::now();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < pollers.size(); ++i)
        threads.emplace_back(
            [&, i] { took[i] = work(*pollers[i], pace, i, pollers.size(), begin); });
    for (std::thread& thread : threads)
        thread.join();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    std::vector<double> all;
    for (const auto& some : took)
        all.insert(all.end(), some.begin(), some.end());
    if (all.size() < 100) fail("too few calls for a figure");
    std::sort(all.begin(), all.end());
    const auto percentile = [&](double part) {
        return all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))];
    };
    std::printf(
        "{\"calls\": %zu, \"seconds\": %.3f, \"per_second\": %.1f, \"p50_us\": %.1f, \"p99_us\": "
        "%.1f}\n",
        all.size(), seconds, static_cast<double>(all.size()) / seconds, percentile(0.5),
        percentile(0.99));
    return 0;
}

int hold(const std::string& address, const std::vector<rpc::TlsIdentity>& identities) {
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    for (const rpc::TlsIdentity& identity : identities) {
        channels.push_back(channelOf(address, identity));
        if (!channels.back()->WaitForConnected(std::chrono::system_clock::now() + kDeadline))
            fail("no connection");
    }
    std::puts("connected");
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
}

/// Of all machines: how many heard of any generation, and how many of a newer one than that.
class Audience {
public:
    explicit Audience(std::size_t size) : m_size(size) {}
    /// True: this machine need not listen on.
    bool hears(std::uint64_t& first, std::uint64_t generation) {
        const std::lock_guard<std::mutex> lock(m_mutex);
        if (first == 0) {
            first = generation;
            m_newest = std::max(m_newest, generation);
            ++m_listening;
        } else if (generation > m_newest) {
            ++m_told;
            m_lastTold = std::chrono::system_clock::now();
        } else {
            return false;
        }
        m_changed.notify_all();
        return m_told > 0 && generation > m_newest;
    }
    void awaitListening() { await(m_listening); }
    /// Unix time in seconds at which the last one was told.
    double awaitTold() {
        await(m_told);
        return std::chrono::duration<double>(m_lastTold.time_since_epoch()).count();
    }

private:
    void await(const std::size_t& count) {
        std::unique_lock<std::mutex> lock(m_mutex);
        if (!m_changed.wait_for(lock, std::chrono::minutes(5), [&] { return count == m_size; }))
            fail("only " + std::to_string(count) + " of " + std::to_string(m_size) + " machines");
    }
    const std::size_t m_size;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::size_t m_listening = 0;
    std::size_t m_told = 0;
    std::uint64_t m_newest = 0;
    std::chrono::system_clock::time_point m_lastTold;
};

/// One machine's Watch, on a connection of its own.
class Watcher : public grpc::ClientReadReactor<v1::GenerationNotice> {
public:
    Watcher(const std::string& address, const rpc::TlsIdentity& tls, Audience& audience)
        : m_stub(v1::MachineLink::NewStub(channelOf(address, tls))), m_audience(audience) {
        m_context.set_wait_for_ready(true);
        m_stub->async()->Watch(&m_context, &m_request, this);
        StartRead(&m_notice);
        StartCall();
    }
    void OnReadDone(bool ok) override {
        if (!ok) return;
        if (m_audience.hears(m_first, m_notice.generation()))
            m_context.TryCancel();
        else
            StartRead(&m_notice);
    }
    void OnDone(const grpc::Status&) override { m_done.set_value(); }
    void cancel() { m_context.TryCancel(); }
    void awaitEnd() { m_done.get_future().wait(); }

private:
    const std::unique_ptr<v1::MachineLink::Stub> m_stub;
    Audience& m_audience;
    grpc::ClientContext m_context;
    v1::WatchGenerationRequest m_request;  ///< holds nothing: it is told at once what there is
    v1::GenerationNotice m_notice;
    std::uint64_t m_first = 0;
    std::promise<void> m_done;
};

int watch(const std::string& address, const std::vector<rpc::TlsIdentity>& identities) {
    Audience audience(identities.size());
    std::vector<std::unique_ptr<Watcher>> watchers;
    for (const rpc::TlsIdentity& identity : identities)
        watchers.push_back(std::make_unique<Watcher>(address, identity, audience));
    audience.awaitListening();
    std::puts("listening");
    std::fflush(stdout);
    std::printf("{\"machines\": %zu, \"told_at\": %.6f}\n", identities.size(),
                audience.awaitTold());
    for (const auto& watcher : watchers) {
        watcher->cancel();
        watcher->awaitEnd();
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 4) fail("see the head of bench_load.cpp");
    const std::string ca = contents(words[2]);
    if (words[0] == "enrol") return enrol(words[1], ca, words[3]);
    const auto identities = identitiesIn(words[3], ca);
    if (words[0] == "hold") return hold(words[1], identities);
    if (words[0] == "watch") return watch(words[1], identities);
    if (words.size() < 6) fail("see the head of bench_load.cpp");
    if (words[0] == "reply") {
        Poller poller(words[1], identities.front(), words[4]);
        poller.begin();
        std::ofstream(words[5], std::ios::binary) << poller.poll().SerializeAsString();
        return 0;
    }
    Pace pace;
    pace.seconds = std::atof(words[5].c_str());
    if (words.size() > 6) pace.callsPerSecond = std::atof(words[6].c_str());
    return run(words[1], identities, words[4], pace);
}
