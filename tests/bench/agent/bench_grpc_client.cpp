// SPDX-License-Identifier: Apache-2.0
// The least that a gRPC client over TLS can be: asks a master for its health, says "serving", and
// asks again for ever. `tools/bench agent` holds ifrit-agent's memory against it.
//
//     bench_grpc_client HOST:PORT CA_FILE INTERVAL_MS
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <sstream>
#include <string>

namespace {

constexpr char kMethod[] = "/grpc.health.v1.Health/Check";
constexpr std::chrono::seconds kTimeout{20};

std::string contents(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// An empty HealthCheckRequest, which asks for the server as a whole, is no bytes at all.
grpc::Status check(grpc::GenericStub& stub) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    grpc::CompletionQueue queue;
    const grpc::Slice nothing;
    const grpc::ByteBuffer request(&nothing, 1);
    const auto call = stub.PrepareUnaryCall(&context, kMethod, request, &queue);
    call->StartCall();
    grpc::ByteBuffer reply;
    grpc::Status status;
    call->Finish(&reply, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("bench_grpc_client HOST:PORT CA_FILE INTERVAL_MS\n", stderr);
        return 2;
    }
    grpc::SslCredentialsOptions tls;
    tls.pem_root_certs = contents(argv[2]);
    const std::chrono::milliseconds interval(std::atol(argv[3]));
    grpc::GenericStub stub(grpc::CreateChannel(argv[1], grpc::SslCredentials(tls)));
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock<std::mutex> lock(mutex);
    for (;;) {
        const grpc::Status status = check(stub);
        if (!status.ok()) {
            std::fprintf(stderr, "bench_grpc_client: %s\n", status.error_message().c_str());
            return 1;
        }
        std::puts("serving");
        std::fflush(stdout);
        never.wait_for(lock, interval);
    }
}
