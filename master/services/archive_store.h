// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/domain/manifest.h"

namespace ifrit::master::services {

/// One upload in progress. Not thread-safe; leaving it keeps what was written, to resume from.
class ArchiveUpload {
public:
    virtual ~ArchiveUpload() = default;
    /// Appends. INVALID_ARGUMENT once it would be longer than declared.
    virtual absl::Status write(const std::string& bytes) = 0;
    /// Syncs, compares size, SHA-256 and what is in it with the manifest (as
    /// ArchiveStore::check()), and puts the archive in its place: nobody finds one there that was
    /// not judged. One that does not fit (PACKAGE_DIGEST, PACKAGE_ARCHIVE) is thrown away: resuming
    /// would never succeed. Without a manifest what is in it is not looked at: of one that another
    /// master has judged.
    virtual absl::Status finish(const domain::Manifest* manifest) = 0;
};

/// As long as it lives nobody removes the archive.
class ArchiveHold {
public:
    virtual ~ArchiveHold() = default;
};

/// Archives by their SHA-256 under `<dir>/sha256/<xx>/<digest>`; what is not complete is beside it
/// as `.part`. A file that has its final name is whole and was synced. Thread-safe; one upload of
/// a digest at a time.
class ArchiveStore {
public:
    explicit ArchiveStore(std::filesystem::path directory);
    ~ArchiveStore();

    struct Progress {
        std::uint64_t committedBytes = 0;
        bool complete = false;
    };
    absl::StatusOr<Progress> progress(const std::string& digest) const;
    /// FAILED_PRECONDITION when `offset` is not what progress() says; ABORTED while another upload
    /// of the digest runs; RESOURCE_EXHAUSTED where the disk has no room for it.
    absl::StatusOr<std::unique_ptr<ArchiveUpload>> begin(const std::string& digest,
                                                         std::uint64_t sizeBytes,
                                                         std::uint64_t offset);
    /// At most `limit` bytes from `offset`; empty at the end. NOT_FOUND: no such archive.
    absl::StatusOr<std::string> read(const std::string& digest, std::uint64_t offset,
                                     std::size_t limit) const;
    /// Whether an archive that is complete holds exactly the files of the manifest; nothing is
    /// unpacked. INVALID_ARGUMENT PACKAGE_ARCHIVE says what does not fit. Reads all of it.
    absl::Status check(const std::string& digest, const domain::Manifest& manifest) const;
    /// For who makes something that needs the archive, from before it looks whether it is complete
    /// until it is made. Any number at once. ABORTED (UPLOAD_BUSY) while it is uploaded or removed.
    absl::StatusOr<std::unique_ptr<ArchiveHold>> hold(const std::string& digest);
    /// Removes the archive unless `isNeeded` says that something names it, or says an error; nobody
    /// begins to need it from that question until the file is gone. One that is held or uploaded
    /// stays: a file too many is no harm. OK also when there is none.
    absl::Status eraseUnless(const std::string& digest,
                             const std::function<absl::StatusOr<bool>()>& isNeeded);
    /// Of all that are whole, in no order. Reads the folders.
    std::vector<std::string> complete() const;
    /// Removes what is not complete and was not written to for so long; an upload that runs keeps
    /// its own.
    void eraseParts(std::chrono::seconds olderThan);

private:
    class Upload;
    class Hold;
    struct Busy;

    std::filesystem::path pathOf(const std::string& digest) const;
    /// Archives and parts alike.
    std::vector<std::filesystem::path> files() const;

    const std::filesystem::path m_directory;
    std::shared_ptr<Busy> m_busy;
};

}  // namespace ifrit::master::services
