// SPDX-License-Identifier: Apache-2.0
#include "agent/package/https_mirror.h"

#include <algorithm>
#include <optional>

#include "agent/package/fetch_frames.h"

namespace ifrit::agent::package {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kMaxAddressBytes = 1024;
/// What ifrit-fetch gets to end by itself and say why, before it is killed.
constexpr std::chrono::seconds kGrace{5};

absl::Status failed(const std::string& address, const std::string& why) {
    return base::makeError(absl::StatusCode::kUnavailable, "MIRROR_FAILED", address, why);
}

/// What the frames of one transfer came to.
struct Transfer {
    absl::Status sunk;                ///< of the sink
    std::optional<absl::Status> end;  ///< as ifrit-fetch said it
};

bool takeFrame(Transfer& transfer, const std::string& address,
               const PackageSource::ArchiveSink& sink, FrameKind kind, std::string_view bytes) {
    if (kind == FrameKind::Data) {
        transfer.sunk = sink(bytes);
        return transfer.sunk.ok();
    }
    const std::string why(bytes);
    transfer.end =
        kind == FrameKind::Late
            ? base::makeError(absl::StatusCode::kDeadlineExceeded, "MIRROR_FAILED", address, why)
            : (why.empty() ? absl::OkStatus() : failed(address, why));
    return true;
}

}  // namespace

absl::Status checkMirrorAddress(const std::string& address) {
    const std::string_view view(address);
    const bool plain = std::all_of(view.begin(), view.end(), [](char c) {
        return c > ' ' && c < '\x7f' &&
               std::string_view("@?#\"'\\<>{}|^`").find(c) == std::string_view::npos;
    });
    const bool good = plain && view.size() <= kMaxAddressBytes && view.rfind(kScheme, 0) == 0 &&
                      view.size() > kScheme.size() && view[kScheme.size()] != '/' &&
                      view.back() != '/';
    if (good) return absl::OkStatus();
    return base::invalidArgument(
        "MIRROR_ADDRESS", address,
        "'{}' is no mirror: \"https://host[:port][/path]\" is wanted, without a slash at its end",
        address);
}

HttpsMirror::HttpsMirror(platform::ProgramStream& streams, std::string address, Settings settings)
    : m_streams(streams), m_address(std::move(address)), m_settings(std::move(settings)) {}

absl::Status HttpsMirror::archive(const std::string& sha256, std::uint64_t offset,
                                  std::chrono::milliseconds timeout,
                                  const PackageSource::ArchiveSink& sink) {
    platform::LaunchSpec spec;
    spec.command = {m_settings.program, fmt::format("{}/{}.tar.zst", m_address, sha256),
                    std::to_string(offset), std::to_string(timeout.count())};
    if (!m_settings.caFile.empty()) spec.command.push_back(m_settings.caFile);
    spec.workingDirectory = "/";
    spec.limits.coreBytes = 0;
    Transfer transfer;
    FrameReader frames([&](FrameKind kind, std::string_view bytes) {
        return takeFrame(transfer, m_address, sink, kind, bytes);
    });
    IFRIT_ASSIGN_OR_RETURN(const platform::CommandResult result,
                           m_streams.stream(spec, timeout + kGrace, [&](std::string_view bytes) {
                               return frames.take(bytes);
                           }));
    IFRIT_RETURN_IF_ERROR(transfer.sunk);
    if (transfer.end) return *transfer.end;
    return failed(m_address, fmt::format("{} {}", m_settings.program,
                                         result.timedOut ? "was killed: it did not end in time"
                                                         : describe(result.status)));
}

}  // namespace ifrit::agent::package
