// SPDX-License-Identifier: Apache-2.0
#include "master/cache/codec/freeze_codec.h"

#include <ifrit/v1/cache.pb.h>

#include "master/cache/codec/cached_state_codec.h"
#include "shared/base/status.h"
#include "shared/crypto/hmac.h"

namespace ifrit::master::cache {
namespace {

constexpr char kFreezeKey[] = "freeze";

/// The word keeps it from being taken for a seal, which has the same key.
std::string macOf(const std::string& mark, const std::string& prefix, const std::string& sealKey) {
    return crypto::hmacSha256(sealKey, prefix + kFreezeKey + mark);
}

}  // namespace

void toWire(const domain::FreezeMark& mark, v1::FreezeMark& out) {
    out.set_id(mark.id);
    out.set_by(mark.by);
    out.set_reason(mark.reason);
    out.set_at_ms(base::toUnixMillis(mark.at));
    out.set_address(mark.address);
    out.set_via(mark.via);
    out.set_request_id(mark.requestId);
}

domain::FreezeMark fromWire(const v1::FreezeMark& in) {
    return {in.id(),      in.by(),  in.reason(),    base::fromUnixMillis(in.at_ms()),
            in.address(), in.via(), in.request_id()};
}

std::string encodeFreeze(const domain::FreezeMark& mark, const std::string& prefix,
                         const std::string& sealKey) {
    v1::FreezeMark wire;
    toWire(mark, wire);
    v1::CacheFreeze out;
    out.set_mark(wire.SerializeAsString());
    out.set_mac(macOf(out.mark(), prefix, sealKey));
    return out.SerializeAsString();
}

absl::StatusOr<domain::FreezeMark> decodeFreeze(const std::string& bytes, const std::string& prefix,
                                                const std::string& sealKey) {
    v1::CacheFreeze in;
    if (!in.ParseFromString(bytes)) return poisoned(kFreezeKey, "is no freeze");
    if (!crypto::equalSecrets(in.mac(), macOf(in.mark(), prefix, sealKey)))
        return poisoned(kFreezeKey, "was made by nobody who has this cluster's CA");
    v1::FreezeMark wire;
    if (!wire.ParseFromString(in.mark())) return poisoned(kFreezeKey, "is no freeze");
    return fromWire(wire);
}

}  // namespace ifrit::master::cache
