// SPDX-License-Identifier: Apache-2.0
// How fast installed files are held against their manifest, beside plain SHA-256 over the same
// files. Without the byte budget: what is measured is what the scan itself costs. Prints one JSON
// line; exit 1 when the scan has less than 0.6 of the plain rate.
//
//     bench_integrity [MEGABYTES]
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "agent/integrity/drift.h"
#include "agent/integrity/tree_scanner.h"
#include "shared/crypto/sha256.h"

namespace {

using namespace ifrit;
namespace fs = std::filesystem;

constexpr double kLeastRatio = 0.6;
constexpr int kRounds = 7;
/// One large program and many small files, as packages are.
constexpr std::size_t kSmallFiles = 400;
constexpr std::size_t kSmallBytes = 16 * 1024;

/// A directory of its own that goes with it.
class Scratch {
public:
    Scratch() {
        std::string name = (fs::temp_directory_path() / "ifrit-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
        m_path = name;
    }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

/// Random bytes, on the disk, so that the pages are clean and can be dropped.
void put(const fs::path& path, std::size_t bytes, std::uint32_t mode) {
    static std::mt19937_64 random(1);
    std::string text(bytes, '\0');
    for (char& one : text)
        one = static_cast<char>(random());
    fs::create_directories(path.parent_path());
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written =
        file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file) == 0 && ::fchmod(file, mode) == 0;
    ::close(file);
    if (!written) throw std::runtime_error("cannot write " + path.string());
}

struct Installed {
    Scratch scratch;
    domain::Manifest manifest;
    std::uint64_t bytes = 0;

    explicit Installed(std::size_t megabytes) {
        add("bin/app", megabytes << 20, 0755);
        for (std::size_t i = 0; i < kSmallFiles; ++i)
            add("share/" + std::to_string(i % 20) + "/file" + std::to_string(i), kSmallBytes, 0644);
    }

private:
    void add(const std::string& path, std::size_t size, std::uint32_t mode) {
        put(scratch.path() / path, size, mode);
        const auto digest = crypto::sha256File(scratch.path() / path);
        if (!digest.ok()) throw std::runtime_error(digest.status().ToString());
        manifest.files.push_back({path, domain::FileEntry::Kind::Regular, size, *digest, mode, ""});
        bytes += size;
    }
};

void plain(const Installed& installed) {
    for (const domain::FileEntry& file : installed.manifest.files) {
        const auto digest = crypto::sha256File(installed.scratch.path() / file.path);
        if (!digest.ok() || *digest != file.sha256) throw std::runtime_error("bad " + file.path);
    }
}

void scan(const Installed& installed) {
    const base::SystemClock clock{};
    agent::integrity::TreeScanner scanner(clock, [](std::size_t) { return true; });
    agent::integrity::VerifiedStamps stamps;
    const auto tree = scanner.scan(installed.scratch.path().string(), installed.manifest,
                                   agent::integrity::Depth::Full, stamps);
    if (!tree.ok()) throw std::runtime_error(tree.status().ToString());
    const auto drifts = findDrift(installed.manifest, *tree, {::geteuid(), ::getegid()});
    const bool changed = std::any_of(drifts.begin(), drifts.end(), [](const auto& drift) {
        return drift.kind == agent::integrity::DriftKind::Changed ||
               drift.kind == agent::integrity::DriftKind::Missing;
    });
    if (changed || scanner.bytesRead() != installed.bytes) throw std::runtime_error("bad scan");
}

/// Seconds of one run, from pages that are in the cache: the scan drops those that it read.
template <typename Work>
double secondsOf(const Installed& installed, const Work& work) {
    plain(installed);
    const auto begin = std::chrono::steady_clock::now();
    work(installed);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

int measure(std::size_t megabytes) {
    const Installed installed(megabytes);
    std::vector<double> plainSeconds;
    std::vector<double> scanSeconds;
    // In turn, so that what else the machine does meets both alike.
    for (int round = 0; round < kRounds; ++round) {
        plainSeconds.push_back(secondsOf(installed, plain));
        scanSeconds.push_back(secondsOf(installed, scan));
    }
    const double megabytesRead = static_cast<double>(installed.bytes) / 1e6;
    const double plainRate = megabytesRead / median(plainSeconds);
    const double scanRate = megabytesRead / median(scanSeconds);
    const double ratio = scanRate / plainRate;
    std::printf(
        "{\"bench\": \"integrity_scan\", \"value\": %.2f, \"unit\": \"of plain SHA-256\", "
        "\"at_least\": %.1f, \"files\": %zu, \"bytes\": %llu, \"plain_mb_s\": %.0f, "
        "\"scan_mb_s\": %.0f, \"ok\": %s}\n",
        ratio, kLeastRatio, installed.manifest.files.size(),
        static_cast<unsigned long long>(installed.bytes), plainRate, scanRate,
        ratio >= kLeastRatio ? "true" : "false");
    return ratio >= kLeastRatio ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const long megabytes = argc > 1 ? std::atol(argv[1]) : 100;
        if (megabytes <= 0 || megabytes > 10'000) throw std::runtime_error("MEGABYTES: 1 to 10000");
        return measure(static_cast<std::size_t>(megabytes));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_integrity: %s\n", error.what());
        return 2;
    }
}
