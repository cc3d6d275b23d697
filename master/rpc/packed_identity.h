// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "shared/crypto/certificates.h"

namespace ifrit::master::rpc {

/// What a client certificate says, without its cluster, in one block of memory: a master holds as
/// many as it has machines. A name of more than kInlineName bytes is kept beside it.
class PackedIdentity {
public:
    static constexpr std::size_t kInlineName = 40;  ///< a uuid has 36
    static constexpr std::size_t kMostSerial = 20;  ///< of RFC 5280, in bytes

    /// nullopt: the serial number is none that an authority of ours gives.
    static std::optional<PackedIdentity> of(const crypto::Identity& identity);
    /// As it was packed, and of that cluster.
    crypto::Identity unpack(const std::string& cluster) const;

private:
    std::int64_t m_notBefore = 0;  ///< seconds, as in certificates
    std::int64_t m_notAfter = 0;
    std::unique_ptr<const std::string> m_longName;
    std::array<char, kInlineName> m_name{};
    std::array<char, kMostSerial> m_serial{};
    std::uint8_t m_nameSize = 0;
    std::uint8_t m_serialSize = 0;
    crypto::Role m_role = crypto::Role::Machine;
};

}  // namespace ifrit::master::rpc
