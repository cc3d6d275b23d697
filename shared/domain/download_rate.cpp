// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/download_rate.h"

#include <algorithm>

#include "shared/base/byte_size.h"
#include "shared/base/status.h"

namespace ifrit::domain {
namespace {

constexpr std::string_view kNone = "none";

std::string_view withoutPerSecond(std::string_view text) {
    const std::size_t slash = text.size() < 2 ? std::string_view::npos : text.size() - 2;
    if (slash == std::string_view::npos || text[slash] != '/') return text;
    return text[slash + 1] == 's' || text[slash + 1] == 'S' ? text.substr(0, slash) : text;
}

}  // namespace

absl::Status checkDownloadRate(std::uint64_t bytesPerSecond) {
    if (bytesPerSecond == 0 ||
        (bytesPerSecond >= kLeastDownloadRate && bytesPerSecond <= kMostDownloadRate))
        return absl::OkStatus();
    return base::invalidArgument("RATE_INVALID", std::to_string(bytesPerSecond),
                                 "a download rate of {} bytes a second; it must be {} to {}, or 0 "
                                 "for none",
                                 bytesPerSecond, kLeastDownloadRate, kMostDownloadRate);
}

absl::StatusOr<std::uint64_t> parseDownloadRate(std::string_view text) {
    if (text == kNone) return 0;
    const auto bytes = base::parseByteSize(withoutPerSecond(text));
    if (!bytes) {
        return base::invalidArgument("RATE_INVALID", text,
                                     "'{}' is not a download rate: write 2MB/s, 512KiB/s, 65536B/s "
                                     "or none, at most 1TiB/s",
                                     text.substr(0, 40));
    }
    IFRIT_RETURN_IF_ERROR(checkDownloadRate(*bytes));
    return *bytes;
}

std::string formatDownloadRate(std::uint64_t bytesPerSecond) {
    return bytesPerSecond == 0 ? std::string(kNone) : base::formatByteSize(bytesPerSecond) + "/s";
}

}  // namespace ifrit::domain
