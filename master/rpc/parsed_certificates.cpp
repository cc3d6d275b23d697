// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/parsed_certificates.h"

#include <utility>

#include "shared/base/status.h"
#include "shared/crypto/sha256.h"

namespace ifrit::master::rpc {

absl::StatusOr<crypto::Identity> ParsedCertificates::of(const std::string& pem) {
    const Fingerprint fingerprint = crypto::sha256(pem);
    Shard& shard = m_shards[fingerprint[0] % kShards];
    {
        absl::MutexLock lock(&shard.mutex);
        const auto found = shard.byFingerprint.find(fingerprint);
        if (found != shard.byFingerprint.end()) return found->second.unpack(m_cluster);
    }
    IFRIT_ASSIGN_OR_RETURN(crypto::Identity parsed, crypto::parseIdentity(pem));
    if (parsed.cluster != m_cluster) return parsed;
    auto packed = PackedIdentity::of(parsed);
    if (!packed) return parsed;
    absl::MutexLock lock(&shard.mutex);
    if (shard.byFingerprint.size() >= kShardLimit) shard.byFingerprint.clear();
    shard.byFingerprint.emplace(fingerprint, *std::move(packed));
    return parsed;
}

std::size_t ParsedCertificates::size() const {
    std::size_t out = 0;
    for (const Shard& shard : m_shards) {
        absl::MutexLock lock(&shard.mutex);
        out += shard.byFingerprint.size();
    }
    return out;
}

}  // namespace ifrit::master::rpc
