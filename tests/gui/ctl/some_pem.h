// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ifrit::tests {

/// What a bundle holds where nobody looks into it.
inline constexpr char kPem[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

}  // namespace ifrit::tests
