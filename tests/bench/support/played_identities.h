// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "shared/rpc/channel.h"

namespace ifrit::bench {

[[noreturn]] inline void fail(const std::string& what) {
    std::fprintf(stderr, "bench: %s\n", what.c_str());
    std::exit(1);
}

inline std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Not connected yet.
inline std::shared_ptr<grpc::Channel> channelOf(const std::string& address,
                                                const rpc::TlsIdentity& tls) {
    rpc::ChannelOptions options;
    options.program = "bench_load";
    return rpc::makeChannel(address, tls, options);
}

/// What `bench_load enrol` left in the directory: 0.pem and 0.key, 1.pem...
inline std::vector<rpc::TlsIdentity> identitiesIn(const std::string& directory,
                                                  const std::string& ca) {
    std::vector<rpc::TlsIdentity> found;
    for (int number = 0;; ++number) {
        const std::string path = directory + '/' + std::to_string(number);
        if (!std::filesystem::exists(path + ".pem")) break;
        found.push_back({ca, contents(path + ".pem"), contents(path + ".key")});
    }
    if (found.empty()) fail("no machines in " + directory);
    return found;
}

}  // namespace ifrit::bench
