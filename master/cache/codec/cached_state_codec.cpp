// SPDX-License-Identifier: Apache-2.0
#include "master/cache/codec/cached_state_codec.h"

#include <ifrit/v1/cache.pb.h>

#include "shared/base/status.h"
#include "shared/crypto/hmac.h"
#include "shared/crypto/sha256.h"

namespace ifrit::master::cache {
namespace {

constexpr char kSealKey[] = "seal";

std::string macOf(const std::string& manifest, const std::string& prefix,
                  const std::string& sealKey) {
    return crypto::hmacSha256(sealKey, prefix + manifest);
}

}  // namespace

absl::Status poisoned(const std::string& key, const std::string& why) {
    return base::makeError(absl::StatusCode::kDataLoss, "CACHE_POISONED", key,
                           fmt::format("the cache's key {} {}; it is composed anew", key, why));
}

std::string encodeValue(const CacheValue& value) {
    v1::CachedFragment out;
    out.set_generation(value.generation);
    out.set_timestamp_ms(base::toUnixMillis(value.timestamp));
    out.set_fragment(value.fragment);
    return out.SerializeAsString();
}

std::string digestOf(const std::string& valueBytes) {
    crypto::Sha256 digest;
    digest.update(valueBytes);
    return digest.finish();
}

absl::StatusOr<CacheValue> decodeValue(const std::string& bytes, const std::string& digest) {
    if (digestOf(bytes) != digest) return poisoned("", "holds other bytes");
    v1::CachedFragment in;
    if (!in.ParseFromString(bytes)) return poisoned("", "holds a value of another kind");
    return CacheValue{in.generation(), base::fromUnixMillis(in.timestamp_ms()), in.fragment()};
}

std::string encodeSeal(const Seal& seal, const std::string& prefix, const std::string& sealKey) {
    v1::CacheManifest manifest;
    manifest.set_generation(seal.generation);
    for (const auto& [key, digest] : seal.digests) {
        v1::CachedKey& out = *manifest.add_keys();
        out.set_key(key);
        out.set_digest(digest);
    }
    v1::CacheSeal out;
    out.set_manifest(manifest.SerializeAsString());
    out.set_mac(macOf(out.manifest(), prefix, sealKey));
    return out.SerializeAsString();
}

absl::StatusOr<Seal> decodeSeal(const std::string& bytes, const std::string& prefix,
                                const std::string& sealKey) {
    v1::CacheSeal in;
    if (!in.ParseFromString(bytes)) return poisoned(kSealKey, "is no seal");
    if (!crypto::equalSecrets(in.mac(), macOf(in.manifest(), prefix, sealKey)))
        return poisoned(kSealKey, "was made by nobody who has this cluster's CA");
    v1::CacheManifest manifest;
    if (!manifest.ParseFromString(in.manifest())) return poisoned(kSealKey, "is no seal");
    Seal out;
    out.generation = manifest.generation();
    for (const v1::CachedKey& key : manifest.keys())
        out.digests.emplace(key.key(), key.digest());
    return out;
}

}  // namespace ifrit::master::cache
