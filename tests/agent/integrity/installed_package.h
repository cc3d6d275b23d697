// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "agent/integrity/drift.h"
#include "agent/integrity/tree_scanner.h"
#include "shared/base/atomic_file.h"
#include "shared/package/builder.h"
#include "shared/package/package_file.h"
#include "shared/package/unpack.h"

namespace ifrit::tests {

/// A small signed package in a temporary directory, its archive, and one installed version of it.
struct InstalledPackage {
    QTemporaryDir directory;
    std::filesystem::path base = directory.path().toStdString();
    std::filesystem::path root = base / "version";
    std::filesystem::path archive = base / "payload.tar.zst";
    std::filesystem::path manifestFile = base / "manifest.toml";
    domain::Manifest manifest;
    ::ifrit::package::SignedManifest signedManifest;

    InstalledPackage() {
        namespace fs = std::filesystem;
        const fs::path source = base / "source";
        put(source / "files/bin/app", std::string(300'000, 'a'), 0755);
        put(source / "files/etc/conf.d/app.toml", "x = 1\n", 0644);
        put(source / "files/licence", "do as you like\n", 0644);
        fs::create_symlink("bin/app", source / "files/run");
        put(source / "package.toml",
            "format = 1\nname = \"exporter\"\nversion = \"1\"\nmachine_types = [\"LINUX\"]\n"
            "[start]\ncommand = [\"bin/app\", \"--config=${root}/etc/conf.d\"]\n",
            0644);
        const auto key = crypto::SigningKey::generate();
        const auto built = ::ifrit::package::buildPackage(source, *key, base);
        if (!built.ok()) throw std::runtime_error(built.status().ToString());
        manifest = built->manifest;
        const auto file = ::ifrit::package::openPackageFile(built->path);
        const std::string bytes = *base::readFile(built->path.string(), 64U << 20);
        std::ofstream(archive) << bytes.substr(file->payloadOffset, file->payloadSize);
        signedManifest = file->manifest;
        std::ofstream(manifestFile) << signedManifest.bytes;
        if (const auto done = ::ifrit::package::unpackArchive(archive, manifest, root); !done.ok())
            throw std::runtime_error(done.ToString());
    }

    static void put(const std::filesystem::path& path, const std::string& text, unsigned mode) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
        std::filesystem::permissions(path, std::filesystem::perms(mode));
    }

    std::vector<agent::integrity::Drift> drift() const {
        const base::SystemClock clock{};
        agent::integrity::TreeScanner scanner(clock, [](std::size_t) { return true; });
        agent::integrity::VerifiedStamps stamps;
        const auto tree =
            scanner.scan(root.string(), manifest, agent::integrity::Depth::Full, stamps);
        if (!tree.ok()) throw std::runtime_error(tree.status().ToString());
        return findDrift(manifest, *tree, {::geteuid(), ::getegid()});
    }
};

}  // namespace ifrit::tests
