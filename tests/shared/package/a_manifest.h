// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "shared/domain/manifest.h"

namespace ifrit::package {

/// A manifest with every field set to something that is not its default.
inline domain::Manifest aManifest() {
    using namespace std::chrono_literals;
    domain::Manifest manifest;
    manifest.format = 1;
    manifest.name = "node-exporter";
    manifest.version = "1:1.5.0-1+b6";
    manifest.description = "metrics \"of\" the machine \xE4\xB8\xAD";
    manifest.machineTypes = {"LINUX", "CONTAINER"};
    manifest.probation = 2s;
    manifest.vars = {{"port", "9100"}};
    manifest.index = 17;
    manifest.withdrawsBelow = 12;
    manifest.start = {
        {"bin/exporter", "--listen=127.0.0.1:${vars.port}"}, {{"HOME", "${data_dir}"}}, "nobody"};
    manifest.stop = {"SIGINT", 5s};
    manifest.probe = domain::Probe{
        domain::Probe::Kind::Http, {}, "", "http://127.0.0.1:${vars.port}/metrics", 1s, 500ms, 2};
    manifest.hooks.preInstall = domain::Hook{{"bin/check", "${machine.type}"}, 7s};
    manifest.hooks.preUninstall = domain::Hook{{"bin/clean"}, 9s};
    manifest.limits = {64ULL << 20, 150, 32, 1024};
    manifest.preflight = {1ULL << 20, {"${vars.port}"}, "4.19", "2.31", {"old-exporter"}};
    manifest.archiveSha256 = std::string(64, 'a');
    manifest.archiveSizeBytes = 1234;
    manifest.unpackedSizeBytes = 30;
    manifest.files = {
        {"bin/exporter", domain::FileEntry::Kind::Regular, 20, std::string(64, 'b'), 0755, ""},
        {"etc/exporter.conf", domain::FileEntry::Kind::Regular, 10, std::string(64, 'c'), 0644, ""},
        {"lib/current", domain::FileEntry::Kind::Symlink, 0, "", 0, "../bin"}};
    return manifest;
}

}  // namespace ifrit::package
