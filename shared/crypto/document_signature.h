// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>

namespace ifrit::crypto {

/// A document signed with the key of a certificate, as a cluster signs with its CA's: ECDSA with
/// SHA-256, DER. `bytes` begin with what tells their kind from every other one's.
absl::StatusOr<std::string> signDocument(std::string_view privateKeyPem, std::string_view bytes);
/// OK, or FAILED_PRECONDITION (DOCUMENT_SIGNATURE); INVALID_ARGUMENT for what is no certificate of
/// an EC key.
absl::Status verifyDocument(std::string_view certificatePem, std::string_view bytes,
                            std::string_view signature);

}  // namespace ifrit::crypto
