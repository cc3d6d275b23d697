// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>
#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "shared/rpc/message_limits.h"

namespace ifrit::master::rpc {

/// 0 means 500, at most 5,000 (types.proto).
std::size_t pageSize(std::uint32_t asked);

/// What of a list is in one answer: so many items, and no more bytes than a message takes. A
/// release with its gray list may have hundreds of kilobytes.
class PageRoom {
public:
    /// Of all items together; beside them there is the rest of the answer, and what is around each.
    /// No item that our limits let in is larger (tst_paging).
    static constexpr std::size_t kMostBytes = ifrit::rpc::kMaxMessageBytes / 2;

    explicit PageRoom(std::size_t items) : m_items(items) {}
    /// False: it is the next page's. The first always fits.
    bool take(const google::protobuf::MessageLite& item);

private:
    const std::size_t m_items;
    std::size_t m_taken = 0;
    std::size_t m_bytes = 0;
};

/// Page tokens of lists that go by a number: an offset, or the last id seen. INVALID_ARGUMENT for a
/// token that is not ours; empty is `first`.
absl::StatusOr<std::uint64_t> numberOfToken(const std::string& token, std::uint64_t first);

}  // namespace ifrit::master::rpc
