// SPDX-License-Identifier: Apache-2.0
#include "master/cache/cache_keys.h"

#include <fmt/format.h>

#include <charconv>

namespace ifrit::master::cache {

std::string keyPrefix(std::string_view cluster) {
    return fmt::format("{{ifrit:{}}}:", cluster);
}

std::string grayKey(std::string_view uuid) {
    return fmt::format("expect_gray_{}", uuid);
}

std::string hashKey(std::uint32_t batch, std::string_view machineType) {
    return fmt::format("expect_default_hash{}_{}", batch, machineType);
}

std::string fullKey(std::string_view machineType) {
    return fmt::format("expect_default_{}", machineType);
}

std::optional<KeyParts> parseKey(std::string_view key) {
    constexpr std::string_view kGray = "expect_gray_";
    constexpr std::string_view kDefault = "expect_default_";
    constexpr std::string_view kHash = "hash";
    KeyParts out;
    if (key.substr(0, kGray.size()) == kGray) {
        out.level = KeyParts::Level::Gray;
        out.uuid = key.substr(kGray.size());
        return out.uuid.empty() ? std::nullopt : std::optional(out);
    }
    if (key.substr(0, kDefault.size()) != kDefault) return std::nullopt;
    std::string_view rest = key.substr(kDefault.size());
    if (rest.substr(0, kHash.size()) == kHash) {
        rest.remove_prefix(kHash.size());
        const auto [end, error] =
            std::from_chars(rest.data(), rest.data() + rest.size(), out.batch);
        if (error != std::errc() || end == rest.data() + rest.size() || *end != '_')
            return std::nullopt;
        out.level = KeyParts::Level::Hash;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
    }
    out.machineType = rest;
    return out.machineType.empty() ? std::nullopt : std::optional(out);
}

}  // namespace ifrit::master::cache
