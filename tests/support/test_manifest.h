// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>

#include "shared/base/atomic_file.h"
#include "shared/crypto/sha256.h"
#include "shared/crypto/signing_key.h"
#include "shared/package/limits.h"
#include "shared/package/payload_writer.h"
#include "shared/package/signed_manifest.h"

namespace ifrit::tests {

/// A manifest with one program, bin/run, of this content; its archive is still to be named.
inline domain::Manifest manifestOf(const std::string& agent, const std::string& version,
                                   const std::string& program) {
    domain::Manifest manifest;
    manifest.name = agent;
    manifest.version = version;
    manifest.machineTypes = {"LINUX"};
    manifest.unpackedSizeBytes = program.size();
    manifest.files = {{"bin/run",
                       domain::FileEntry::Kind::Regular,
                       program.size(),
                       crypto::sha256Hex(program),
                       0755,
                       {}}};
    manifest.start.command = {"bin/run"};
    return manifest;
}

/// payload.tar.zst of such a package: the same bytes each time.
inline std::string archiveOf(const std::string& program) {
    namespace fs = std::filesystem;
    std::string folder = (fs::temp_directory_path() / "ifrit-payload-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no directory " + folder);
    fs::create_directories(fs::path(folder) / "files/bin");
    std::ofstream(fs::path(folder) / "files/bin/run", std::ios::binary) << program;
    const fs::path archive = fs::path(folder) / "payload";
    const absl::Status written = package::writePayload(
        fs::path(folder) / "files", manifestOf("a", "1", program).files, archive);
    if (!written.ok()) throw std::runtime_error(written.ToString());
    std::string bytes = base::readFile(archive.string(), package::kMaxArchiveBytes).value();
    fs::remove_all(folder);
    return bytes;
}

/// A program that no compression makes smaller.
inline std::string noiseOf(std::size_t bytes) {
    std::mt19937 random(1);
    std::string out(bytes, '\0');
    for (char& byte : out)
        byte = static_cast<char>(random() & 0xff);
    return out;
}

/// Of a package that lists `program` and whose payload is `archive`.
inline package::SignedManifest signedManifestOf(const std::string& agent,
                                                const std::string& version,
                                                const std::string& program,
                                                const std::string& archive,
                                                const crypto::SigningKey& signer) {
    domain::Manifest manifest = manifestOf(agent, version, program);
    manifest.archiveSha256 = crypto::sha256Hex(archive);
    manifest.archiveSizeBytes = archive.size();
    return package::signManifest(manifest, signer).value();
}

/// Of a package whose payload is archiveOf(program).
inline package::SignedManifest signedManifest(const std::string& agent, const std::string& version,
                                              const std::string& program,
                                              const crypto::SigningKey& signer) {
    return signedManifestOf(agent, version, program, archiveOf(program), signer);
}

}  // namespace ifrit::tests
