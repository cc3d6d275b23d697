// SPDX-License-Identifier: Apache-2.0
// Machines that do nothing but poll, each on a connection and with a certificate of its own.
//
//     bench_load enrol ADDRESS CA_FILE DIRECTORY < join tokens, a line each
//     bench_load reply ADDRESS CA_FILE DIRECTORY KIND FILE      what a poll is answered, for
//     bench_echo
//     bench_load run   ADDRESS CA_FILE DIRECTORY KIND SECONDS [CALLS_PER_SECOND]
//     bench_load beside ADDRESS CA_FILE DIRECTORY KIND SLICE_SECONDS CALLS_PER_SECOND OTHER_ADDRESS
//     SLICES      medians over the slices of both servers
//     bench_load hold  ADDRESS CA_FILE DIRECTORY                connected, until standard input
//     ends
//     bench_load watch ADDRESS CA_FILE DIRECTORY                until all are told of a newer
//     generation than they found
//
// KIND: unchanged, changed (each poll is answered with the whole desired state), mixed (every tenth
// poll brings a report that is made durable). Without a rate each machine polls again at once.
// `run` and `beside` print one JSON line.
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
#include <string>
#include <thread>
#include <vector>

#include "ifrit/v1/machine_link.grpc.pb.h"
#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/channel.h"
#include "tests/bench/master/poller.h"
#include "tests/bench/support/played_identities.h"

namespace {

using namespace ifrit;
using bench::channelOf;
using bench::contents;
using bench::fail;
using bench::identitiesIn;
using bench::Poller;

constexpr std::chrono::seconds kDeadline{30};
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

int run(const std::string& address, const std::vector<rpc::TlsIdentity>& identities,
        const std::string& kind, const bench::Pace& pace) {
    const bench::Round round = bench::poll(bench::pollersOf(address, identities, kind), pace);
    const std::size_t calls = round.tookUs.size();
    std::printf("{\"calls\": %zu, \"seconds\": %.3f, \"per_second\": %.1f}\n", calls, round.seconds,
                static_cast<double>(calls) / round.seconds);
    return 0;
}

double medianOf(std::vector<double> figures) {
    const auto middle = figures.begin() + static_cast<std::ptrdiff_t>(figures.size() / 2);
    std::nth_element(figures.begin(), middle, figures.end());
    return *middle;
}

/// Two servers that hold the same load, in slices that take turns: what the kernel and the host
/// schedule besides meets both alike, and a slice that it meets is one of many.
int beside(const std::vector<std::string>& addresses,
           const std::vector<rpc::TlsIdentity>& identities, const std::string& kind,
           const bench::Pace& slice, int slices) {
    std::vector<bench::Pollers> pollers;
    for (const std::string& address : addresses)
        pollers.push_back(bench::pollersOf(address, identities, kind));
    std::vector<std::vector<double>> p50(pollers.size());
    std::vector<std::vector<double>> p99(pollers.size());
    for (int turn = 0; turn < slices; ++turn) {
        for (std::size_t k = 0; k < pollers.size(); ++k) {
            // One, other, other, one: neither always comes after the other.
            const std::size_t server = turn % 2 == 0 ? k : pollers.size() - 1 - k;
            const bench::Round round = bench::poll(pollers[server], slice);
            p50[server].push_back(round.percentile(0.5));
            p99[server].push_back(round.percentile(0.99));
        }
    }
    std::printf("{\"slices\": %d, \"p50_us\": [%.1f, %.1f], \"p99_us\": [%.1f, %.1f]}\n", slices,
                medianOf(p50[0]), medianOf(p50[1]), medianOf(p99[0]), medianOf(p99[1]));
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
    bench::Pace pace;
    pace.seconds = std::atof(words[5].c_str());
    if (words.size() > 6) pace.callsPerSecond = std::atof(words[6].c_str());
    if (words[0] == "beside") {
        if (words.size() != 9) fail("see the head of bench_load.cpp");
        return beside({words[1], words[7]}, identities, words[4], pace,
                      std::atoi(words[8].c_str()));
    }
    return run(words[1], identities, words[4], pace);
}
