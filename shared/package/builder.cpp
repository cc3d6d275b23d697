// SPDX-License-Identifier: Apache-2.0
#include "shared/package/builder.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "shared/base/atomic_file.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/crypto/sha256.h"
#include "shared/package/limits.h"
#include "shared/package/manifest_toml.h"
#include "shared/package/package_file.h"
#include "shared/package/payload_writer.h"
#include "shared/package/signed_manifest.h"

namespace ifrit::package {
namespace {

namespace fs = std::filesystem;

absl::Status refuse(const fs::path& path, std::string_view why) {
    return base::invalidArgument("PACKAGE_ARCHIVE", path.string(), "{} {}", path.string(), why);
}

absl::StatusOr<domain::FileEntry> describe(const fs::directory_entry& entry,
                                           const fs::path& folder) {
    std::error_code error;
    domain::FileEntry file;
    file.path = entry.path().lexically_relative(folder).string();
    const fs::file_status status = entry.symlink_status(error);
    if (error) return base::errnoStatus(error.value(), "read " + entry.path().string());
    if (fs::is_symlink(status)) {
        file.kind = domain::FileEntry::Kind::Symlink;
        file.linkTarget = fs::read_symlink(entry.path(), error).string();
        return file;
    }
    if (!fs::is_regular_file(status)) return refuse(entry.path(), "is no regular file or link");
    const auto mode = static_cast<std::uint32_t>(status.permissions()) & 07777U;
    if ((mode & 07000U) != 0) return refuse(entry.path(), "has a setuid, setgid or sticky bit");
    // Group and other may read what the owner may; writing is nobody's business but the owner's.
    file.mode = (mode & 0100U) != 0 ? 0755 : 0644;
    file.sizeBytes = fs::file_size(entry.path(), error);
    IFRIT_ASSIGN_OR_RETURN(file.sha256, crypto::sha256File(entry.path()));
    return file;
}

absl::StatusOr<std::vector<domain::FileEntry>> scan(const fs::path& folder) {
    std::error_code error;
    std::vector<domain::FileEntry> files;
    fs::recursive_directory_iterator walk(folder, error);
    // Stepped by hand: the ++ of a range-for throws.
    for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
        std::error_code ignored;
        if (walk->symlink_status(ignored).type() == fs::file_type::directory) continue;
        IFRIT_ASSIGN_OR_RETURN(domain::FileEntry file, describe(*walk, folder));
        files.push_back(std::move(file));
        if (files.size() > kMaxFiles) {
            return base::invalidArgument("PACKAGE_TOO_LARGE", folder.string(),
                                         "{} has more than {} files", folder.string(), kMaxFiles);
        }
    }
    if (error) return base::errnoStatus(error.value(), "read " + folder.string());
    std::sort(files.begin(), files.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
}

/// Removes the file at the end of the scope.
class TemporaryFile {
public:
    explicit TemporaryFile(fs::path path) : m_path(std::move(path)) {}
    ~TemporaryFile() {
        std::error_code ignored;
        fs::remove(m_path, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

absl::Status fillArchive(const fs::path& folder, const fs::path& payload,
                         domain::Manifest& manifest) {
    IFRIT_ASSIGN_OR_RETURN(manifest.files, scan(folder));
    for (const domain::FileEntry& file : manifest.files) {
        manifest.unpackedSizeBytes += file.sizeBytes;
    }
    IFRIT_RETURN_IF_ERROR(writePayload(folder, manifest.files, payload));
    std::error_code error;
    manifest.archiveSizeBytes = fs::file_size(payload, error);
    if (error) return base::errnoStatus(error.value(), "read " + payload.string());
    IFRIT_ASSIGN_OR_RETURN(manifest.archiveSha256, crypto::sha256File(payload));
    return absl::OkStatus();
}

}  // namespace

std::string packageFileName(const domain::Manifest& manifest) {
    std::string version = manifest.version;
    std::replace(version.begin(), version.end(), ':', '_');
    return fmt::format("{}-{}-{}.ifrit", manifest.name, version,
                       fmt::join(manifest.machineTypes, "+"));
}

absl::StatusOr<BuiltPackage> buildPackage(const fs::path& source, const crypto::SigningKey& key,
                                          const fs::path& output) {
    const fs::path sourceFile = source / "package.toml";
    IFRIT_ASSIGN_OR_RETURN(const std::string toml,
                           base::readFile(sourceFile.string(), kMaxManifestBytes));
    IFRIT_ASSIGN_OR_RETURN(domain::Manifest manifest,
                           parsePackageSource(toml, sourceFile.string()));
    std::error_code error;
    const bool isFolder = fs::is_directory(output, error);
    const fs::path target = isFolder ? output / packageFileName(manifest) : output;
    const std::string suffix = "." + base::randomUuid().substr(0, 8);
    const TemporaryFile payload(target.string() + suffix + ".payload");
    IFRIT_RETURN_IF_ERROR(fillArchive(source / "files", payload.path(), manifest));
    if (const absl::Status programs = checkPrograms(manifest); !programs.ok())
        return base::annotate(programs, sourceFile.string());
    IFRIT_ASSIGN_OR_RETURN(const SignedManifest signedManifest, signManifest(manifest, key));
    const TemporaryFile whole(target.string() + suffix + ".part");
    IFRIT_RETURN_IF_ERROR(writePackage(signedManifest.bytes, writeSignature(signedManifest),
                                       payload.path(), whole.path()));
    // What is published must pass every check that it will meet, also when a file changed while it
    // was read.
    crypto::TrustedKeys own;
    own.add(key.publicKey());
    const absl::StatusOr<domain::Manifest> checked = checkPackageFile(whole.path(), own);
    if (!checked.ok()) return base::annotate(checked.status(), "the built package is not sound");
    fs::rename(whole.path(), target, error);
    if (error) return base::errnoStatus(error.value(), "write " + target.string());
    return BuiltPackage{std::move(manifest), manifestDigest(signedManifest), target};
}

}  // namespace ifrit::package
