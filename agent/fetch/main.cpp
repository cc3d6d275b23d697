// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "agent/fetch/curl_transfer.h"
#include "agent/fetch/rights.h"
#include "agent/package/fetch_frames.h"

namespace {

using namespace ifrit;
using namespace ifrit::agent;
using package::FrameKind;

constexpr int kExitUsage = 2;
constexpr char kUsage[] =
    "ifrit-fetch URL OFFSET TIMEOUT_MS [CA_FILE]\n"
    "\n"
    "Downloads from an https address for ifrit-agent, which starts it, and writes what comes as\n"
    "frames to its output. It has no rights beyond that and is of no use by hand.\n"
    "  --help, --version\n";

/// The output is a pipe whose reader may be gone: then there is nobody to fetch for.
bool writeAll(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

bool writeFrame(FrameKind kind, std::string_view bytes) {
    const std::string_view body = bytes.substr(0, package::kMaxFrameBytes);
    return writeAll(package::frameHeader(kind, body.size())) && writeAll(body);
}

bool writeData(std::string_view bytes) {
    if (bytes.empty()) return writeFrame(FrameKind::Data, bytes);
    while (!bytes.empty()) {
        const std::size_t part = std::min(bytes.size(), package::kMaxFrameBytes);
        if (!writeFrame(FrameKind::Data, bytes.substr(0, part))) return false;
        bytes.remove_prefix(part);
    }
    return true;
}

int end(const std::string& why, FrameKind kind = FrameKind::End) {
    return writeFrame(kind, why) && why.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// A number of at most 18 digits; false for anything else.
bool readNumber(const std::string& text, std::uint64_t& number) {
    if (text.empty() || text.size() > 18) return false;
    if (text.find_first_not_of("0123456789") != std::string::npos) return false;
    number = std::stoull(text);
    return true;
}

/// The library talks to nobody but us: what it prints would be taken for frames.
void silenceErrors() {
    const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null >= 0) ::dup2(null, STDERR_FILENO);
}

int run(int argc, char** argv) {
    agent::fetch::TransferRequest request;
    request.url = argv[1];
    std::uint64_t timeout = 0;
    if (!readNumber(argv[2], request.offset) || !readNumber(argv[3], timeout) || timeout == 0) {
        std::fputs(kUsage, stderr);
        return kExitUsage;
    }
    request.timeout = std::chrono::milliseconds(timeout);
    ::signal(SIGPIPE, SIG_IGN);
    silenceErrors();
    if (argc == 5) {
        // Read with the rights that we came with: it may be root's alone.
        std::ifstream file(argv[4], std::ios::binary);
        request.roots.assign(std::istreambuf_iterator<char>(file), {});
        if (request.roots.empty()) return end(std::string("cannot read ") + argv[4]);
    }
    if (const std::string failed = agent::fetch::giveUpRights(); !failed.empty())
        return end(failed);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const agent::fetch::TransferEnd ended = agent::fetch::transfer(request, writeData);
    return end(ended.why, ended.late ? FrameKind::Late : FrameKind::End);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string first = argc == 2 ? argv[1] : "";
    if (first == "--version") return std::puts("ifrit-fetch " IFRIT_VERSION) < 0;
    if (first == "--help") return std::fputs(kUsage, stdout) < 0;
    if (argc != 4 && argc != 5) {
        std::fputs(kUsage, stderr);
        return kExitUsage;
    }
    return run(argc, argv);
}
