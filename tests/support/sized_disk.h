// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace ifrit::tests {

/// Mounts of ours are seen by us and our children alone. False where the system does not let us.
inline bool haveOwnMounts() {
    const uid_t user = ::getuid();
    const gid_t group = ::getgid();
    if (::unshare(CLONE_NEWNS) != 0) {
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        std::ofstream("/proc/self/setgroups") << "deny";
        std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
        std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
    }
    return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// Takes all of a file system but a little, until it is taken away again.
class Filler {
public:
    explicit Filler(std::filesystem::path directory) : m_directory(std::move(directory)) {}

    void leave(std::uint64_t bytes) {
        std::ofstream out(file(), std::ios::binary | std::ios::trunc);
        const std::string piece(4096, 'x');
        struct statvfs space {};
        while (out && ::statvfs(m_directory.c_str(), &space) == 0 &&
               std::uint64_t{space.f_bavail} * space.f_frsize > bytes)
            out.write(piece.data(), std::streamsize(piece.size())).flush();
    }
    /// Takes also what became free since; nothing is left.
    void takeTheRest() {
        std::ofstream out(file(), std::ios::binary | std::ios::app);
        const std::string piece(4096, 'x');
        while (out.write(piece.data(), std::streamsize(piece.size())).flush()) {
        }
    }
    void remove() { std::filesystem::remove(file()); }

private:
    std::filesystem::path file() const { return m_directory / "filler"; }
    const std::filesystem::path m_directory;
};

/// A tmpfs of this size ("64k") over a directory that is there. Needs haveOwnMounts().
class SizedDisk {
public:
    SizedDisk(std::filesystem::path directory, const std::string& size)
        : m_path(std::move(directory)) {
        if (::mount("ifrit-test", m_path.c_str(), "tmpfs", 0, ("size=" + size).c_str()) != 0)
            throw std::runtime_error("no tmpfs at " + m_path.string());
    }
    ~SizedDisk() { ::umount2(m_path.c_str(), MNT_DETACH); }
    SizedDisk(const SizedDisk&) = delete;
    SizedDisk& operator=(const SizedDisk&) = delete;

private:
    const std::filesystem::path m_path;
};

}  // namespace ifrit::tests
