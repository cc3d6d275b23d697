// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gui/services/call.h"

namespace ifrit::gui::services {

struct PackageInfo {
    std::string agent;
    std::string version;
    std::vector<std::string> machineTypes;
    std::string manifestDigest;  ///< hex, the package's identity
    std::string archiveDigest;   ///< hex
    std::uint64_t archiveSizeBytes = 0;
    std::uint64_t unpackedSizeBytes = 0;
    std::uint32_t files = 0;
    std::string keyId;
    std::string publishedBy;
    base::WallTime published{};
    std::string description;
    std::uint64_t runningOn = 0;  ///< machines
    bool inUse = false;           ///< cannot be deleted
    std::string manifest;         ///< only from get(): the exact signed bytes
};

struct PublisherKey {
    std::string keyId;
    std::string name;
    std::string publicKeyPem;
};

/// Which package: by digest, or by the three names.
struct PackageRef {
    std::string manifestDigest;  ///< hex
    std::string agent;
    std::string version;
    std::string machineType;  ///< may stay empty where one package has the version
};

struct PublishProgress {
    enum class Phase { Checking, Uploading, Finishing };
    Phase phase = Phase::Checking;
    std::uint64_t doneBytes = 0;  ///< counts what an earlier, broken upload has already brought
    std::uint64_t totalBytes = 0;
};

struct PublishRequest {
    Mutation mutation;
    std::string path;  ///< of the package file, UTF-8
};

struct PublishResult {
    PackageInfo package;
    bool existed = false;         ///< the same package was there already
    bool archivePutBack = false;  ///< and its archive, which the master was without, is again
};

/// The cluster's package store. Contract: gui/services/call.h.
class PackageService {
public:
    virtual ~PackageService() = default;
    virtual CallHandle list(const std::string& agent, const PageRequest& page,
                            Reply<Page<PackageInfo>> reply) = 0;
    virtual CallHandle get(const PackageRef& ref, Reply<PackageInfo> reply) = 0;
    /// Checks the file here (structure, digest) and uploads it, going on where a broken upload
    /// stopped. `onProgress` at most 10 times a second, may be empty.
    virtual CallHandle publish(const PublishRequest& request,
                               std::function<void(const PublishProgress&)> onProgress,
                               Reply<PublishResult> reply) = 0;
    /// FAILED_PRECONDITION while something desires it or a release names it.
    virtual CallHandle remove(const std::string& manifestDigest, const Mutation& mutation,
                              Done done) = 0;
    virtual CallHandle publisherKeys(Reply<std::vector<PublisherKey>> reply) = 0;
};

}  // namespace ifrit::gui::services
