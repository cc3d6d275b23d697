// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/domain/campaign.h"

// Knows no generated type: whoever keeps and checks these documents need not either.
namespace ifrit::codec {

inline constexpr std::size_t kMaxCampaignBytes = 1024 * 1024;
inline constexpr std::size_t kMaxReceiptBytes = 64 * 1024;
inline constexpr std::size_t kMaxReceiptSignatureBytes = 256;

/// The bytes of a receipt as they are signed: no other document of ifrit's begins like them.
std::string receiptToSign(std::string_view receipt);

/// The bytes that are the campaign from now on.
std::string campaignToBytes(const domain::Campaign& campaign);
/// INVALID_ARGUMENT for bytes that are none, too many, of a newer format or with unknown fields,
/// and as domain::checkCampaign().
absl::StatusOr<domain::Campaign> campaignFromBytes(std::string_view bytes);

std::string receiptToBytes(const domain::CampaignReceipt& receipt);
/// As campaignFromBytes(). That its signature is right, the caller sees to.
absl::StatusOr<domain::CampaignReceipt> receiptFromBytes(std::string_view bytes);

}  // namespace ifrit::codec
