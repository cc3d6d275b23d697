// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/paging.h"

#include <algorithm>
#include <charconv>

#include "shared/base/status.h"

namespace ifrit::master::rpc {

std::size_t pageSize(std::uint32_t asked) {
    constexpr std::size_t kDefault = 500;
    constexpr std::size_t kMax = 5'000;
    return asked == 0 ? kDefault : std::min<std::size_t>(asked, kMax);
}

bool PageRoom::take(const google::protobuf::MessageLite& item) {
    const std::size_t bytes = item.ByteSizeLong();
    if (m_taken == m_items || (m_taken > 0 && m_bytes + bytes > kMostBytes)) return false;
    ++m_taken;
    m_bytes += bytes;
    return true;
}

absl::StatusOr<std::uint64_t> numberOfToken(const std::string& token, std::uint64_t first) {
    if (token.empty()) return first;
    std::uint64_t out = 0;
    const char* end = token.data() + token.size();
    const auto parsed = std::from_chars(token.data(), end, out);
    if (parsed.ec != std::errc() || parsed.ptr != end)
        return base::invalidArgument("PAGE_TOKEN", "", "the page token is not one of this list");
    return out;
}

}  // namespace ifrit::master::rpc
