// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ifrit::crypto {

/// The certificate is good for a server that is called by this host name or IP address ("[::1]" as
/// well as "::1"). False for what is no PEM certificate.
bool namesHost(std::string_view certificatePem, const std::string& host);

/// All of them, as the certificate has them: DNS names and IP addresses without brackets. Empty for
/// what is no PEM certificate.
std::vector<std::string> hostsOf(std::string_view certificatePem);

}  // namespace ifrit::crypto
