// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/package_file_source.h"

#include <algorithm>
#include <fstream>
#include <memory>

#include "shared/base/status.h"
#include "shared/crypto/sha256.h"
#include "shared/package/manifest_toml.h"
#include "shared/package/package_file.h"

namespace ifrit::gui::rpc {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

/// The archive inside the package file. One thread at a time.
class Payload {
public:
    Payload(const package::PackageFile& file)
        : m_path(file.path.string()),
          m_stream(file.path, std::ios::binary),
          m_begin(file.payloadOffset),
          m_size(file.payloadSize) {}

    absl::StatusOr<std::string> read(std::uint64_t offset, std::size_t size) {
        std::string out(std::min<std::uint64_t>(size, m_size - std::min(m_size, offset)), '\0');
        m_stream.clear();
        m_stream.seekg(static_cast<std::streamoff>(m_begin + offset));
        m_stream.read(out.data(), static_cast<std::streamsize>(out.size()));
        if (static_cast<std::size_t>(m_stream.gcount()) != out.size()) {
            return base::makeError(absl::StatusCode::kDataLoss, "PACKAGE_CHANGED", m_path,
                                   fmt::format("'{}' became shorter while it was read", m_path));
        }
        return out;
    }

private:
    std::string m_path;
    std::ifstream m_stream;
    std::uint64_t m_begin;
    std::uint64_t m_size;
};

absl::Status checkDigest(Payload& payload, const domain::Manifest& manifest,
                         const std::string& path) {
    crypto::Sha256 sha256;
    for (std::uint64_t offset = 0; offset < manifest.archiveSizeBytes; offset += kPieceBytes) {
        IFRIT_ASSIGN_OR_RETURN(const std::string piece, payload.read(offset, kPieceBytes));
        sha256.update(piece);
    }
    if (sha256.finishHex() == manifest.archiveSha256) return absl::OkStatus();
    return base::invalidArgument("PACKAGE_DIGEST", path,
                                 "'{}' was changed after it was built: its archive does not have "
                                 "the digest that the manifest names; build or fetch it again",
                                 path);
}

}  // namespace

absl::StatusOr<PackageSource> openPackageSource(const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const package::PackageFile file, package::openPackageFile(path));
    const absl::StatusOr<domain::Manifest> manifest = package::parseManifest(file.manifest.bytes);
    if (!manifest.ok()) return base::annotate(manifest.status(), path);
    if (file.payloadSize != manifest->archiveSizeBytes) {
        return base::invalidArgument("PACKAGE_DIGEST", path,
                                     "'{}' is cut or extended: its archive has {} bytes, the "
                                     "manifest names {}",
                                     path, file.payloadSize, manifest->archiveSizeBytes);
    }
    auto payload = std::make_shared<Payload>(file);
    IFRIT_RETURN_IF_ERROR(checkDigest(*payload, *manifest, path));
    // What every machine would refuse is not sent at all.
    if (const absl::Status status = package::checkPayload(file, *manifest); !status.ok())
        return base::annotate(status, path);
    PackageSource source;
    source.manifest = file.manifest.bytes;
    source.signature = file.manifest.signature;
    source.keyId = file.manifest.keyId;
    source.archiveDigest = manifest->archiveSha256;
    source.archiveBytes = manifest->archiveSizeBytes;
    source.read = [payload](std::uint64_t offset, std::size_t size) {
        return payload->read(offset, size);
    };
    return source;
}

}  // namespace ifrit::gui::rpc
