// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_map>
#include <utility>

#include "master/rpc/packed_identity.h"
#include "shared/crypto/certificates.h"

namespace ifrit::master::rpc {

/// Who a client certificate names, remembered by its SHA-256: parsing costs more than all the rest
/// of a sync. At most kMost are held, each some 150 bytes. Thread-safe.
class ParsedCertificates {
public:
    static constexpr std::size_t kShards = 16;
    static constexpr std::size_t kShardLimit = 16'384;
    static constexpr std::size_t kMost = kShards * kShardLimit;

    /// Certificates of other clusters are parsed each time: they let nobody in.
    explicit ParsedCertificates(std::string cluster) : m_cluster(std::move(cluster)) {}

    /// UNAUTHENTICATED and the like of crypto::parseIdentity(); what cannot be parsed is not
    /// remembered.
    absl::StatusOr<crypto::Identity> of(const std::string& pem);
    std::size_t size() const;

private:
    using Fingerprint = std::array<unsigned char, 32>;
    /// It is a hash already.
    struct Front {
        std::size_t operator()(const Fingerprint& of) const noexcept {
            std::size_t out = 0;
            std::memcpy(&out, of.data() + 1, sizeof out);
            return out;
        }
    };
    struct Shard {
        mutable absl::Mutex mutex;
        std::unordered_map<Fingerprint, PackedIdentity, Front> byFingerprint ABSL_GUARDED_BY(mutex);
    };
    /// Whose certificates are remembered.
    const std::string m_cluster;
    std::array<Shard, kShards> m_shards;
};

}  // namespace ifrit::master::rpc
