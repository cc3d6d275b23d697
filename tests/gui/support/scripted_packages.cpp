// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/support/scripted_packages.h"

#include <fmt/format.h>

#include "shared/crypto/sha256.h"
#include "shared/package/manifest_toml.h"

namespace ifrit::tests {
namespace {

constexpr char kDigest[] = "9f3c1e77a0d24b5586e0c1f24d9a6b3358f1c7720ee94a1bb0d1f3c5a7e92b64";

domain::FileEntry file(const std::string& path, std::uint64_t size, std::uint32_t mode,
                       const std::string& content) {
    domain::FileEntry out;
    out.path = path;
    out.sizeBytes = size;
    out.mode = mode;
    out.sha256 = crypto::sha256Hex(content);
    return out;
}

}  // namespace

std::vector<gui::services::PackageInfo> scriptedPackages(base::WallTime now) {
    const struct {
        const char* agent;
        const char* version;
        std::uint64_t running;
        int daysAgo;
    } rows[] = {{"node-exporter", "1.6.1", 6, 0},  {"node-exporter", "1.5.0", 231, 21},
                {"node-exporter", "1.4.0", 0, 80}, {"logd", "4.2.0", 60, 12},
                {"logd", "4.1.3", 0, 40},          {"ifrit-agent", "0.1.0", 240, 2}};
    std::vector<gui::services::PackageInfo> out;
    unsigned number = 0;
    for (const auto& row : rows) {
        gui::services::PackageInfo package;
        package.agent = row.agent;
        package.version = row.version;
        package.machineTypes = {"LINUX", "CONTAINER"};
        if (number % 2 == 0) package.machineTypes.push_back("ARM64");
        package.manifestDigest = fmt::format("{:x}{}", 10 + number, std::string(kDigest).substr(1));
        package.archiveDigest = kDigest;
        package.archiveSizeBytes = 10'300'000 + 700'000ULL * number;
        package.unpackedSizeBytes = 2 * package.archiveSizeBytes;
        package.files = 4;
        package.keyId = "5e1d90c2b7a4f3e8d1c2b3a495867768";
        package.publishedBy = "wang";
        package.published = now - std::chrono::hours(24 * row.daysAgo + 3);
        package.description = "Exports hardware and kernel metrics for Prometheus.";
        package.runningOn = row.running;
        package.inUse = row.running > 0;
        out.push_back(package);
        ++number;
    }
    return out;
}

std::string scriptedManifest(const gui::services::PackageInfo& package) {
    const bool newest = package.version == "1.6.1";
    domain::Manifest manifest;
    manifest.name = package.agent;
    manifest.version = package.version;
    manifest.description = package.description;
    manifest.machineTypes = package.machineTypes;
    manifest.archiveSha256 = package.archiveDigest;
    manifest.archiveSizeBytes = package.archiveSizeBytes;
    manifest.start.command = {"bin/node_exporter", "--web.listen-address=:${vars.port}"};
    if (newest) manifest.start.command.push_back("--collector.netclass.netlink");
    manifest.vars = {{"port", "9100"}};
    domain::Probe probe;
    probe.address = "127.0.0.1:${vars.port}";
    probe.interval = std::chrono::seconds(newest ? 10 : 5);
    manifest.probe = probe;
    manifest.limits.memoryBytes = newest ? 96ULL << 20 : 64ULL << 20;
    manifest.limits.cpuPercent = 20;
    if (newest) manifest.limits.openFiles = 4'096;
    manifest.files.push_back(
        file("bin/node_exporter", package.archiveSizeBytes, 0755, package.agent + package.version));
    manifest.files.push_back(file("etc/node_exporter.conf", 812, newest ? 0640 : 0644, "conf"));
    manifest.files.push_back(newest ? file("share/collectors.json", 20'480, 0644, "collectors")
                                    : file("share/legacy.json", 1'204, 0644, "legacy"));
    for (const domain::FileEntry& entry : manifest.files)
        manifest.unpackedSizeBytes += entry.sizeBytes;
    return package::writeManifest(manifest);
}

}  // namespace ifrit::tests
