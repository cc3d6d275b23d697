// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ifrit::base {

/// A random RFC 4122 version 4 UUID, lower case, from the system's cryptographic generator.
/// Used for request ids, release ids and plan ids. Thread-safe.
std::string randomUuid();

}  // namespace ifrit::base
