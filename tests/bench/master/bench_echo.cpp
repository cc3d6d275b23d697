// SPDX-License-Identifier: Apache-2.0
// The least that a gRPC master could be: TLS with client certificates, the contract's Sync, and the
// same reply each time. `tools/bench master` holds the real one against it.
//
//     bench_echo DIRECTORY REPLY_FILE        (ca.pem, server.pem and server.key.pem are there)
//
// Prints the port, then serves until its standard input ends.
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "ifrit/v1/machine_link.grpc.pb.h"
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

private:
    v1::SyncResponse m_reply;
};

}  // namespace

int main(int argc, char** argv) {
    ifrit::base::leaveMutexChecksToTests();
    if (argc != 3) {
        std::fputs("bench_echo DIRECTORY REPLY_FILE\n", stderr);
        return 2;
    }
    const std::string directory = argv[1];
    Echo echo(contents(argv[2]));
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0",
                             rpc::makeServerCredentials({contents(directory + "/ca.pem"),
                                                         contents(directory + "/server.pem"),
                                                         contents(directory + "/server.key.pem")}),
                             &port);
    builder.RegisterService(&echo);
    const auto server = builder.BuildAndStart();
    if (server == nullptr || port == 0) {
        std::fputs("bench_echo: cannot listen\n", stderr);
        return 1;
    }
    std::printf("%d\n", port);
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    server->Shutdown();
    return 0;
}
