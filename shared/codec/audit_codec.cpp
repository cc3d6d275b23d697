// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/audit_codec.h"

#include "shared/base/status.h"
#include "shared/codec/limits.h"

namespace ifrit::codec {
namespace {

constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kMaxSignatureBytes = 256;

absl::Status checkHash(const std::string& hash) {
    if (hash.size() == kHashBytes) return absl::OkStatus();
    return base::invalidArgument("FIELD_INVALID", "hash", "hash: {} bytes instead of {}",
                                 hash.size(), kHashBytes);
}

}  // namespace

v1::SignedAuditHead toWire(const audit::SignedHead& head) {
    v1::SignedAuditHead out;
    out.mutable_head()->set_cluster(head.head.cluster);
    out.mutable_head()->set_row(head.head.row);
    out.mutable_head()->set_hash(head.head.hash);
    out.mutable_head()->set_signed_at_ms(base::toUnixMillis(head.head.at));
    out.set_certificate_pem(head.seal.certificatePem);
    out.set_signature(head.seal.signature);
    return out;
}

absl::StatusOr<audit::SignedHead> fromWire(const v1::SignedAuditHead& head) {
    IFRIT_RETURN_IF_ERROR(checkText("cluster", head.head().cluster(), kMaxShortTextBytes));
    IFRIT_RETURN_IF_ERROR(
        checkText("certificate_pem", head.certificate_pem(), crypto::kMaxSignerCertificateBytes));
    IFRIT_RETURN_IF_ERROR(checkCount("signature", head.signature().size(), kMaxSignatureBytes));
    IFRIT_RETURN_IF_ERROR(checkHash(head.head().hash()));
    audit::SignedHead out;
    out.head = {head.head().cluster(), head.head().row(), head.head().hash(),
                base::fromUnixMillis(head.head().signed_at_ms())};
    out.seal = {head.certificate_pem(), head.signature()};
    return out;
}

void toWire(const audit::RowHashes& hashes, google::protobuf::RepeatedPtrField<v1::RowHash>& out) {
    for (const auto& [row, hash] : hashes) {
        v1::RowHash& added = *out.Add();
        added.set_row(row);
        added.set_hash(hash);
    }
}

absl::StatusOr<audit::RowHashes> fromWire(
    const google::protobuf::RepeatedPtrField<v1::RowHash>& hashes) {
    IFRIT_RETURN_IF_ERROR(
        checkCount("hashes", static_cast<std::size_t>(hashes.size()), kMaxAskedRows));
    audit::RowHashes out;
    for (const v1::RowHash& hash : hashes) {
        IFRIT_RETURN_IF_ERROR(checkHash(hash.hash()));
        out[hash.row()] = hash.hash();
    }
    return out;
}

audit::RowView viewOf(const v1::AuditRow& row) {
    audit::RowView out;
    out.id = row.id();
    out.cluster = row.cluster();
    out.at = base::fromUnixMillis(row.at_ms());
    out.actor = row.actor();
    out.via = row.via();
    out.address = row.address();
    out.verb = row.verb();
    out.object = row.object();
    out.result = row.result();
    out.reason = row.reason();
    out.before = row.before();
    out.after = row.after();
    out.requestId = row.request_id();
    out.error = row.error();
    out.previousHash = row.previous_hash();
    out.hash = row.hash();
    return out;
}

}  // namespace ifrit::codec
