// SPDX-License-Identifier: Apache-2.0
// Brings one archive from a mirror into an empty cache as ifrit-agent does, with its digest, its
// limits and the flush to disk, and prints the seconds that it took. `tools/bench agent` holds that
// against the same bytes through curl into sha256sum.
//
//     bench_fetch IFRIT_FETCH MIRROR CA_FILE SHA256 BYTES CACHE_DIRECTORY
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "agent/package/archive_fetcher.h"
#include "agent/package/https_mirror.h"
#include "agent/platform/platform.h"

namespace {

using namespace ifrit;
namespace package = ifrit::agent::package;
namespace platform = ifrit::agent::platform;

/// The mirror has it or nobody.
class NoMaster final : public package::PackageSource {
public:
    absl::StatusOr<package::ManifestOffer> manifest(const std::string&) override {
        return absl::UnavailableError("no master");
    }
    absl::Status archive(const std::string&, std::uint64_t, std::chrono::milliseconds,
                         const ArchiveSink&) override {
        return absl::UnavailableError("no master");
    }
};

absl::Status fetch(char** argv) {
    IFRIT_ASSIGN_OR_RETURN(const platform::Platform platform, platform::makePlatform());
    const base::SystemClock clock{};
    const package::PackageCache cache(argv[6]);
    package::HttpsMirror mirror(*platform.streams, argv[2], {argv[1], argv[3]});
    NoMaster nobody;
    package::ArchiveFetcher fetcher(cache, nobody, clock, {}, {&mirror});
    return fetcher.fetch({"", argv[4], std::strtoull(argv[5], nullptr, 10)}, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 7) {
        std::fputs("bench_fetch IFRIT_FETCH MIRROR CA_FILE SHA256 BYTES CACHE_DIRECTORY\n", stderr);
        return 2;
    }
    const auto begin = std::chrono::steady_clock::now();
    const absl::Status status = fetch(argv);
    if (!status.ok()) {
        std::fprintf(stderr, "bench_fetch: %s\n", base::messageOf(status).c_str());
        return 1;
    }
    std::printf("%.4f\n",
                std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    return 0;
}
