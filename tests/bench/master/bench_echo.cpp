// SPDX-License-Identifier: Apache-2.0
// The least that a gRPC master could be: TLS with client certificates, the contract's Sync with
// the same reply each time, and a Watch that says one thing and then stays open. `tools/bench
// master` holds the real one against it.
//
//     bench_echo DIRECTORY REPLY_FILE PORT   (ca.pem, server.pem and server.key.pem are there;
//                                            port 0: one that is free)
//
// Prints the port, then serves until its standard input ends. Each line of it tells all who hold a
// Watch of a newer generation.
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>
#include <unordered_set>
#include <vector>

#include "ifrit/v1/access.grpc.pb.h"
#include "ifrit/v1/audit.grpc.pb.h"
#include "ifrit/v1/audit_heads.grpc.pb.h"
#include "ifrit/v1/campaigns.grpc.pb.h"
#include "ifrit/v1/fleet.grpc.pb.h"
#include "ifrit/v1/machine_link.grpc.pb.h"
#include "ifrit/v1/masters.grpc.pb.h"
#include "ifrit/v1/packages.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "ifrit/v1/sessions.grpc.pb.h"
#include "shared/base/mutex_checks.h"
#include "shared/rpc/channel.h"

namespace {

using namespace ifrit;

std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

class HeldStream;

/// Who is told. Thread-safe.
class Audience {
public:
    void add(HeldStream* stream) {
        const std::lock_guard lock(m_mutex);
        m_streams.insert(stream);
    }
    void remove(HeldStream* stream) {
        const std::lock_guard lock(m_mutex);
        m_streams.erase(stream);
    }
    void tell(std::uint64_t generation);

private:
    /// gRPC may end a stream within the call that writes to it.
    std::recursive_mutex m_mutex;
    std::unordered_set<HeldStream*> m_streams;
};

/// Owns itself until gRPC is done with it.
class HeldStream final : public grpc::ServerWriteReactor<v1::GenerationNotice> {
public:
    explicit HeldStream(Audience& audience) : m_audience(audience) {
        m_notice.set_generation(1);
        StartWrite(&m_notice);
        m_audience.add(this);
    }
    /// Of the audience alone, which lets nobody go meanwhile; what was said before has been
    /// written.
    void tell(std::uint64_t generation) {
        m_notice.set_generation(generation);
        StartWrite(&m_notice);
    }
    void OnCancel() override {
        m_audience.remove(this);
        Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

private:
    Audience& m_audience;
    v1::GenerationNotice m_notice;
};

void Audience::tell(std::uint64_t generation) {
    std::vector<HeldStream*> all;
    {
        const std::lock_guard lock(m_mutex);
        all.assign(m_streams.begin(), m_streams.end());
    }
    for (HeldStream* stream : all) {
        const std::lock_guard lock(m_mutex);
        if (m_streams.count(stream) != 0) stream->tell(generation);
    }
}

class Echo final : public v1::MachineLink::CallbackService {
public:
    explicit Echo(const std::string& reply) { m_reply.ParseFromString(reply); }

    grpc::ServerUnaryReactor* Sync(grpc::CallbackServerContext* context, const v1::SyncRequest*,
                                   v1::SyncResponse* response) override {
        *response = m_reply;
        grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }
    grpc::ServerWriteReactor<v1::GenerationNotice>* Watch(
        grpc::CallbackServerContext*, const v1::WatchGenerationRequest*) override {
        return new HeldStream(m_audience);
    }
    void tell(std::uint64_t generation) { m_audience.tell(generation); }

private:
    Audience m_audience;
    v1::SyncResponse m_reply;
};

/// The rest of the contract, unanswered: gRPC keeps a table of all calls for each connection.
struct Others {
    v1::Access::CallbackService access;
    v1::Audit::CallbackService audit;
    v1::AuditHeads::CallbackService auditHeads;
    v1::Campaigns::CallbackService campaigns;
    v1::Clusters::CallbackService clusters;
    v1::Machines::CallbackService machines;
    v1::Agents::CallbackService agents;
    v1::Events::CallbackService events;
    v1::Enrolment::CallbackService enrolment;
    v1::Masters::CallbackService masters;
    v1::Packages::CallbackService packages;
    v1::Releases::CallbackService releases;
    v1::Sessions::CallbackService sessions;

    void registerIn(grpc::ServerBuilder& builder) {
        const std::initializer_list<grpc::Service*> all = {
            &access, &audit,     &auditHeads, &campaigns, &clusters, &machines, &agents,
            &events, &enrolment, &masters,    &packages,  &releases, &sessions};
        for (grpc::Service* service : all)
            builder.RegisterService(service);
    }
};

}  // namespace

int main(int argc, char** argv) {
    ifrit::base::leaveMutexChecksToTests();
    if (argc != 4) {
        std::fputs("bench_echo DIRECTORY REPLY_FILE PORT\n", stderr);
        return 2;
    }
    const std::string directory = argv[1];
    Echo echo(contents(argv[2]));
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:" + std::string(argv[3]),
                             rpc::makeServerCredentials({contents(directory + "/ca.pem"),
                                                         contents(directory + "/server.pem"),
                                                         contents(directory + "/server.key.pem")}),
                             &port);
    builder.RegisterService(&echo);
    Others others;
    others.registerIn(builder);
    const auto server = builder.BuildAndStart();
    if (server == nullptr || port == 0) {
        std::fputs("bench_echo: cannot listen\n", stderr);
        return 1;
    }
    std::printf("%d\n", port);
    std::fflush(stdout);
    std::uint64_t generation = 1;
    for (int read = std::getchar(); read != EOF; read = std::getchar()) {
        if (read == '\n') echo.tell(++generation);
    }
    server->Shutdown();
    return 0;
}
