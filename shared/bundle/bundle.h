// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

namespace ifrit::bundle {

/// What an operator's program needs to reach one cluster: the admin bundle that `ifrit-master init`
/// writes and that ifritctl and the desktop import. A TOML file (it holds a private key: 0600):
///
///     format = 1
///     ca_pem = """..."""            # trusted roots of the masters
///     certificate_pem = """..."""   # operator's client certificate; may be absent together with
///     private_key_pem = """..."""   # its key: then a password login is needed
///     [cluster]
///     name = "demo"
///     kind = "development"          # development, test or production
///     addresses = ["127.0.0.1:7443"]
struct Bundle {
    std::string cluster;
    std::string kind = "development";
    std::vector<std::string> addresses;  ///< "host:port" or "[v6]:port", at least one
    std::string caPem;
    std::string certificatePem;
    std::string privateKeyPem;
    bool operator==(const Bundle&) const = default;
};

/// "host:port" or "[v6]:port".
bool isAddress(std::string_view address);

/// Strict: an unknown, missing or malformed key is INVALID_ARGUMENT (BUNDLE_INVALID) with
/// `source`, line and key. Checks form only, not that certificate and key fit together.
absl::StatusOr<Bundle> parseBundle(std::string_view toml, std::string_view source);
/// At most 1 MiB is read. NOT_FOUND and PERMISSION_DENIED name the path.
absl::StatusOr<Bundle> readBundleFile(const std::string& path);
/// The file's text; parseBundle() reads it back equal.
std::string formatBundle(const Bundle& bundle);

}  // namespace ifrit::bundle
