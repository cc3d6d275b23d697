// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/packed_identity.h"

#include <algorithm>
#include <chrono>

#include "shared/base/hex.h"

namespace ifrit::master::rpc {
namespace {

std::int64_t secondsOf(base::WallTime time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

base::WallTime timeOf(std::int64_t seconds) {
    return base::WallTime(std::chrono::seconds(seconds));
}

}  // namespace

std::optional<PackedIdentity> PackedIdentity::of(const crypto::Identity& identity) {
    const auto serial = base::fromHex(identity.serialHex);
    if (!serial || serial->size() > kMostSerial) return std::nullopt;
    PackedIdentity out;
    out.m_role = identity.role;
    out.m_notBefore = secondsOf(identity.notBefore);
    out.m_notAfter = secondsOf(identity.notAfter);
    std::copy(serial->begin(), serial->end(), out.m_serial.begin());
    out.m_serialSize = static_cast<std::uint8_t>(serial->size());
    if (identity.name.size() > kInlineName) {
        out.m_longName = std::make_unique<const std::string>(identity.name);
    } else {
        std::copy(identity.name.begin(), identity.name.end(), out.m_name.begin());
        out.m_nameSize = static_cast<std::uint8_t>(identity.name.size());
    }
    return out;
}

crypto::Identity PackedIdentity::unpack(const std::string& cluster) const {
    crypto::Identity out;
    out.role = m_role;
    out.cluster = cluster;
    out.name = m_longName ? *m_longName : std::string(m_name.data(), m_nameSize);
    out.serialHex = base::toHex({m_serial.data(), m_serialSize});
    out.notBefore = timeOf(m_notBefore);
    out.notAfter = timeOf(m_notAfter);
    return out;
}

}  // namespace ifrit::master::rpc
