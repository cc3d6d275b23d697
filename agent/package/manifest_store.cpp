// SPDX-License-Identifier: Apache-2.0
#include "agent/package/manifest_store.h"

#include <filesystem>
#include <set>
#include <system_error>

#include "agent/package/file_names.h"
#include "shared/base/atomic_file.h"
#include "shared/crypto/sha256.h"
#include "shared/package/limits.h"
#include "shared/package/manifest_toml.h"

namespace ifrit::agent::package {
namespace {

namespace fs = std::filesystem;

constexpr int kFileMode = 0644;
constexpr char kExtension[] = ".toml";

}  // namespace

std::string ManifestStore::path(const std::string& agent, const std::string& digest) const {
    return fmt::format("{}/{}/manifests/{}{}", m_directory, agent, digest, kExtension);
}

bool ManifestStore::has(const std::string& agent, const std::string& digest) const {
    std::error_code error;
    return fs::is_regular_file(path(agent, digest), error);
}

absl::Status ManifestStore::save(const std::string& agent,
                                 const ::ifrit::package::SignedManifest& manifest) const {
    const std::string digest = ::ifrit::package::manifestDigest(manifest);
    const std::string file = path(agent, digest);
    std::error_code error;
    fs::create_directories(fs::path(file).parent_path(), error);
    if (error) return base::errnoStatus(error.value(), file);
    // The signature first: a manifest that is there always has its signature beside it.
    const std::string signature = file.substr(0, file.size() - sizeof(kExtension) + 1) + ".sig";
    IFRIT_RETURN_IF_ERROR(base::writeFileAtomically(
        signature, ::ifrit::package::writeSignature(manifest), kFileMode));
    return base::writeFileAtomically(file, manifest.bytes, kFileMode);
}

absl::StatusOr<domain::Manifest> ManifestStore::load(const std::string& agent,
                                                     const std::string& digest) const {
    const std::string file = path(agent, digest);
    IFRIT_ASSIGN_OR_RETURN(const std::string bytes,
                           base::readFile(file, ::ifrit::package::kMaxManifestBytes));
    if (crypto::sha256Hex(bytes) != digest) {
        return base::makeError(
            absl::StatusCode::kDataLoss, "PACKAGE_DIGEST", digest,
            fmt::format("{} was changed; it is not used. Remove it to fetch it again", file));
    }
    return ::ifrit::package::parseManifest(bytes);
}

bool isLost(const absl::Status& loaded) {
    if (loaded.ok()) return false;
    // A disk that fails now (EIO, EACCES, ESTALE), or a want of descriptors, says nothing of what
    // is on it.
    return absl::IsNotFound(loaded) || base::errorInfo(loaded).reason != "SYSTEM";
}

absl::StatusOr<std::vector<std::string>> ManifestStore::digests(const std::string& agent) const {
    const auto names = fileNamesIn(fmt::format("{}/{}/manifests", m_directory, agent));
    if (absl::IsNotFound(names.status())) return std::vector<std::string>();
    IFRIT_RETURN_IF_ERROR(names.status());
    std::set<std::string> found;
    // By any of its files: a kill can leave a signature without its manifest.
    for (const std::string& name : *names)
        found.insert(name.substr(0, name.find('.')));
    return std::vector<std::string>(found.begin(), found.end());
}

std::vector<std::string> ManifestStore::readableDigests(const std::string& agent) const {
    return digests(agent).value_or(std::vector<std::string>());
}

void ManifestStore::remove(const std::string& agent, const std::string& digest) const {
    std::error_code error;
    const std::string file = path(agent, digest);
    const std::string signature = file.substr(0, file.size() - sizeof(kExtension) + 1) + ".sig";
    for (const std::string& name : {file, signature, file + ".tmp", signature + ".tmp"})
        fs::remove(name, error);
}

}  // namespace ifrit::agent::package
