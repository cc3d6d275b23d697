// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>

#include "shared/crypto/certificates.h"

namespace ifrit::master::rpc {

/// Who a client certificate names, remembered by its SHA-256: parsing costs more than all the rest
/// of a sync. At most kMost are held, each a few hundred bytes. Thread-safe.
class ParsedCertificates {
public:
    static constexpr std::size_t kShards = 16;
    static constexpr std::size_t kShardLimit = 16'384;
    static constexpr std::size_t kMost = kShards * kShardLimit;

    /// UNAUTHENTICATED and the like of crypto::parseIdentity(); what cannot be parsed is not
    /// remembered.
    absl::StatusOr<std::shared_ptr<const crypto::Identity>> of(const std::string& pem);
    std::size_t size() const;

private:
    using Fingerprint = std::array<unsigned char, 32>;
    /// It is a hash already.
    struct Front {
        std::size_t operator()(const Fingerprint& of) const {
            std::size_t out = 0;
            std::memcpy(&out, of.data() + 1, sizeof out);
            return out;
        }
    };
    struct Shard {
        mutable absl::Mutex mutex;
        std::unordered_map<Fingerprint, std::shared_ptr<const crypto::Identity>, Front>
            byFingerprint ABSL_GUARDED_BY(mutex);
    };
    std::array<Shard, kShards> m_shards;
};

}  // namespace ifrit::master::rpc
