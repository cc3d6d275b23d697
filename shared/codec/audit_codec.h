// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>
#include <google/protobuf/repeated_ptr_field.h>

#include "ifrit/v1/audit_heads.pb.h"
#include "shared/audit/chain.h"
#include "shared/audit/signed_head.h"

namespace ifrit::codec {

/// Most rows whose hashes one call asks for.
inline constexpr std::size_t kMaxAskedRows = 512;

v1::SignedAuditHead toWire(const audit::SignedHead& head);
/// Its form alone: whether it is to be believed, audit::verifyHead() says. INVALID_ARGUMENT for a
/// hash that is none and for texts that are too long.
absl::StatusOr<audit::SignedHead> fromWire(const v1::SignedAuditHead& head);

void toWire(const audit::RowHashes& hashes, google::protobuf::RepeatedPtrField<v1::RowHash>& out);
absl::StatusOr<audit::RowHashes> fromWire(
    const google::protobuf::RepeatedPtrField<v1::RowHash>& hashes);

/// The row as it is hashed; `row` outlives it.
audit::RowView viewOf(const v1::AuditRow& row);

}  // namespace ifrit::codec
