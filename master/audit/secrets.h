// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ifrit::master::audit {

/// Every token of ours begins with one of these, so that it is known where it must not be.
inline constexpr std::string_view kJoinTokenPrefix = "ifritjoin_";
inline constexpr std::string_view kSessionTokenPrefix = "ifritses_";

/// The text with tokens of ours and PEM private keys replaced by "***": the last line of defence,
/// for free text into which a person pasted one.
std::string withoutSecrets(std::string text);

}  // namespace ifrit::master::audit
