// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ifrit::tests {

/// Whether this program keeps what is freed, and looks for leaks by tracing itself at its end.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kHasAddressSanitizer = true;
#else
inline constexpr bool kHasAddressSanitizer = false;
#endif

}  // namespace ifrit::tests
