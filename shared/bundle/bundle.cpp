// SPDX-License-Identifier: Apache-2.0
#include "shared/bundle/bundle.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <initializer_list>
#include <memory>

#include <toml++/toml.h>

#include "shared/base/status.h"
#include "shared/domain/names.h"

namespace ifrit::bundle {
namespace {

constexpr std::size_t kMaxBundleBytes = 1024 * 1024;
constexpr std::array<std::string_view, 3> kKinds = {"development", "test", "production"};

/// Reads tables strictly and makes every error name file, line and key.
class Reader {
public:
    explicit Reader(std::string_view source) : m_source(source) {}

    absl::Status refuse(unsigned line, std::string_view why) const {
        return base::invalidArgument("BUNDLE_INVALID", m_source, "{}:{}: {}", m_source, line, why);
    }

    absl::Status onlyKeys(const toml::table& table,
                          std::initializer_list<std::string_view> known) const {
        for (const auto& [key, value] : table) {
            if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
                return refuse(key.source().begin.line,
                              fmt::format("unknown key '{}'; known here: {}", key.str(),
                                          fmt::join(known, ", ")));
            }
        }
        return absl::OkStatus();
    }

    absl::StatusOr<std::string> text(const toml::table& table, std::string_view key) const {
        const toml::node* node = table.get(key);
        if (node == nullptr) {
            return refuse(table.source().begin.line, fmt::format("key '{}' is missing", key));
        }
        if (!node->is_string() || node->as_string()->get().empty()) {
            return refuse(node->source().begin.line,
                          fmt::format("'{}' must be a text that is not empty", key));
        }
        return node->as_string()->get();
    }

    absl::StatusOr<std::string> pem(const toml::table& table, std::string_view key) const {
        IFRIT_ASSIGN_OR_RETURN(std::string value, text(table, key));
        if (value.find("-----BEGIN ") == std::string::npos ||
            value.find("-----END ") == std::string::npos) {
            return refuse(table.get(key)->source().begin.line,
                          fmt::format("'{}' is not PEM (no BEGIN and END lines)", key));
        }
        return value;
    }

private:
    std::string m_source;
};

bool isAddress(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const std::string_view host = address.substr(0, colon);
    const std::string_view port = address.substr(colon + 1);
    const bool bracketed = host.front() == '[' && host.back() == ']' && host.size() > 2;
    if (host.find(':') != std::string_view::npos && !bracketed) return false;
    if (host.find_first_of(" \t\r\n/@") != std::string_view::npos) return false;
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    return error == std::errc() && end == port.data() + port.size() && number >= 1 &&
           number <= 65'535;
}

absl::StatusOr<std::vector<std::string>> addressesOf(const Reader& reader,
                                                     const toml::table& cluster) {
    const toml::node* node = cluster.get("addresses");
    if (node == nullptr || !node->is_array() || node->as_array()->empty()) {
        const unsigned line = (node != nullptr ? *node : cluster).source().begin.line;
        return reader.refuse(line, "'addresses' must list at least one \"host:port\"");
    }
    std::vector<std::string> addresses;
    for (const toml::node& item : *node->as_array()) {
        if (!item.is_string() || !isAddress(item.as_string()->get())) {
            return reader.refuse(item.source().begin.line,
                                 "each of 'addresses' must be \"host:port\" or \"[v6]:port\"");
        }
        addresses.push_back(item.as_string()->get());
    }
    return addresses;
}

absl::Status readCluster(const Reader& reader, const toml::table& root, Bundle& bundle) {
    const toml::node* node = root.get("cluster");
    if (node == nullptr || !node->is_table()) return reader.refuse(1, "table [cluster] is missing");
    const toml::table& cluster = *node->as_table();
    IFRIT_RETURN_IF_ERROR(reader.onlyKeys(cluster, {"name", "kind", "addresses"}));
    IFRIT_ASSIGN_OR_RETURN(bundle.cluster, reader.text(cluster, "name"));
    if (absl::Status name = domain::checkClusterName(bundle.cluster); !name.ok()) {
        return reader.refuse(cluster.get("name")->source().begin.line, base::messageOf(name));
    }
    IFRIT_ASSIGN_OR_RETURN(bundle.kind, reader.text(cluster, "kind"));
    if (std::find(kKinds.begin(), kKinds.end(), bundle.kind) == kKinds.end()) {
        return reader.refuse(
            cluster.get("kind")->source().begin.line,
            fmt::format("'kind' is '{}', must be one of {}", bundle.kind, fmt::join(kKinds, ", ")));
    }
    IFRIT_ASSIGN_OR_RETURN(bundle.addresses, addressesOf(reader, cluster));
    return absl::OkStatus();
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

absl::StatusOr<Bundle> parseBundle(std::string_view toml, std::string_view source) {
    const Reader reader(source);
    toml::table root;
    try {
        root = toml::parse(toml);
    } catch (const toml::parse_error& error) {
        return reader.refuse(error.source().begin.line,
                             fmt::format("not TOML: {}", error.description()));
    }
    const toml::node* format = root.get("format");
    if (format == nullptr || format->value<std::int64_t>() != 1) {
        return reader.refuse(1,
                             "'format' must be 1: this is not an admin bundle, or one of a newer "
                             "ifrit");
    }
    IFRIT_RETURN_IF_ERROR(reader.onlyKeys(
        root, {"format", "cluster", "ca_pem", "certificate_pem", "private_key_pem"}));
    Bundle bundle;
    IFRIT_RETURN_IF_ERROR(readCluster(reader, root, bundle));
    IFRIT_ASSIGN_OR_RETURN(bundle.caPem, reader.pem(root, "ca_pem"));
    if (root.contains("certificate_pem") || root.contains("private_key_pem")) {
        IFRIT_ASSIGN_OR_RETURN(bundle.certificatePem, reader.pem(root, "certificate_pem"));
        IFRIT_ASSIGN_OR_RETURN(bundle.privateKeyPem, reader.pem(root, "private_key_pem"));
    }
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
