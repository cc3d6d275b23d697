// SPDX-License-Identifier: Apache-2.0
#include "shared/bundle/bundle.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <memory>

#include "shared/base/host_port.h"
#include "shared/config/toml_section.h"
#include "shared/domain/names.h"

namespace ifrit::bundle {
namespace {

constexpr std::size_t kMaxBundleBytes = 1024 * 1024;
constexpr std::size_t kMaxAddresses = 100;
constexpr std::int64_t kAnyFormat = std::numeric_limits<std::int64_t>::max();
constexpr std::array<std::string_view, 3> kKinds = {"development", "test", "production"};

using config::Presence;
using config::TomlSection;

void readPem(TomlSection& in, std::string_view key, std::string& value) {
    in.read(key, value, Presence::Required);
    if (value.find("-----BEGIN ") == std::string::npos ||
        value.find("-----END ") == std::string::npos) {
        in.reject(key, "is not PEM (no BEGIN and END lines)");
    }
}

void readCluster(TomlSection& root, Bundle& bundle) {
    const toml::table* table = root.section("cluster", Presence::Required);
    if (table == nullptr) return;
    TomlSection in(*table, root, "cluster");
    in.read("name", bundle.cluster, Presence::Required);
    if (const absl::Status name = domain::checkClusterName(bundle.cluster); !name.ok()) {
        in.reject("name", base::messageOf(name));
    }
    in.read("kind", bundle.kind, Presence::Required);
    if (std::find(kKinds.begin(), kKinds.end(), bundle.kind) == kKinds.end()) {
        in.reject("kind",
                  fmt::format("'{}' must be one of {}", bundle.kind, fmt::join(kKinds, ", ")));
    }
    in.read("addresses", bundle.addresses, Presence::Required);
    if (bundle.addresses.empty()) in.reject("addresses", "must list at least one \"host:port\"");
    for (const std::string& address : bundle.addresses) {
        if (!isAddress(address)) {
            in.reject("addresses",
                      fmt::format("'{}' must be \"host:port\" or \"[v6]:port\"", address));
        }
    }
    root.note(in.finish());
}

// Quotes and control characters do not occur in what we write but must not break the file.
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string multiline(std::string_view key, std::string_view pem) {
    return fmt::format("{} = '''\n{}'''\n", key, pem);
}

}  // namespace

bool isAddress(std::string_view address) {
    return base::parseHostPort(address).ok();
}

absl::StatusOr<Bundle> parseBundle(std::string_view toml, std::string_view source) {
    const config::TomlRules rules{"BUNDLE_INVALID", kMaxBundleBytes, kMaxAddresses};
    IFRIT_ASSIGN_OR_RETURN(const toml::table document, config::parseToml(toml, source, rules));
    TomlSection root(document, source, "", rules);
    std::int64_t format = 0;
    root.read("format", format, 0, kAnyFormat);
    if (format != 1) {
        root.reject("format", "must be 1: this is not an admin bundle, or one of a newer ifrit");
    }
    Bundle bundle;
    readPem(root, "ca_pem", bundle.caPem);
    // Both or neither: with a password alone a bundle holds no certificate.
    const bool certificate = root.has("certificate_pem");
    const bool key = root.has("private_key_pem");
    if (certificate || key) {
        readPem(root, "certificate_pem", bundle.certificatePem);
        readPem(root, "private_key_pem", bundle.privateKeyPem);
    }
    readCluster(root, bundle);
    IFRIT_RETURN_IF_ERROR(root.finish());
    return bundle;
}

absl::StatusOr<Bundle> readBundleFile(const std::string& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                               &std::fclose);
    if (!file) return base::errnoStatus(errno, fmt::format("bundle file '{}'", path));
    std::string content(kMaxBundleBytes + 1, '\0');
    content.resize(std::fread(content.data(), 1, content.size(), file.get()));
    if (std::ferror(file.get()) != 0) {
        return base::errnoStatus(errno, fmt::format("bundle file '{}'", path));
    }
    if (content.size() > kMaxBundleBytes) {
        return base::invalidArgument("BUNDLE_INVALID", path,
                                     "'{}' is over 1 MiB: this is not an admin bundle", path);
    }
    return parseBundle(content, path);
}

std::string formatBundle(const Bundle& bundle) {
    std::string out =
        "# Admin bundle of an ifrit cluster. It holds a private key: keep it secret.\n";
    out += "format = 1\n";
    out += multiline("ca_pem", bundle.caPem);
    if (!bundle.certificatePem.empty()) {
        out += multiline("certificate_pem", bundle.certificatePem);
        out += multiline("private_key_pem", bundle.privateKeyPem);
    }
    std::vector<std::string> addresses;
    for (const std::string& address : bundle.addresses)
        addresses.push_back(quoted(address));
    out += fmt::format("\n[cluster]\nname = {}\nkind = {}\naddresses = [{}]\n",
                       quoted(bundle.cluster), quoted(bundle.kind), fmt::join(addresses, ", "));
    return out;
}

}  // namespace ifrit::bundle
