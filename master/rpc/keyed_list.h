// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/repeated_field.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "master/rpc/paging.h"
#include "shared/base/clock.h"
#include "shared/base/status.h"

namespace ifrit::master::rpc {

/// A key that sorts by its first part, then by the second, and so on. The first is not empty.
std::string listKey(std::initializer_list<std::string_view> parts);
/// INVALID_ARGUMENT (PAGE_TOKEN): it is no key of so many parts. Empty is the first page's.
absl::Status checkPageToken(const std::string& token, std::size_t parts);
/// A part that sorts by time.
std::string oldestFirst(base::WallTime time);
std::string newestFirst(base::WallTime time);

/// A list whose page tokens are keys of its items, so that what comes and goes between two pages
/// neither repeats nor hides another item. `Message` is one item as it is sent.
template <typename Message>
class KeyedList {
public:
    /// Each key has so many parts.
    explicit KeyedList(std::size_t parts) : m_parts(parts) {}

    /// The list goes by key; one key names one item.
    void add(std::string key, Message item) {
        m_items.insert_or_assign(std::move(key), std::move(item));
    }

    /// Moves what comes after `token` into `out`, as much as one answer takes. The token of the
    /// next page; empty: this was the last. Errors as checkPageToken().
    absl::StatusOr<std::string> takePage(const std::string& token, std::uint32_t size,
                                         google::protobuf::RepeatedPtrField<Message>& out) {
        IFRIT_RETURN_IF_ERROR(checkPageToken(token, m_parts));
        PageRoom room(pageSize(size));
        std::string last;
        for (auto item = m_items.upper_bound(token); item != m_items.end(); ++item) {
            if (!room.take(item->second)) return last;
            *out.Add() = std::move(item->second);
            last = item->first;
        }
        return std::string();
    }

private:
    const std::size_t m_parts;
    std::map<std::string, Message> m_items;
};

}  // namespace ifrit::master::rpc
