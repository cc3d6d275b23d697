// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/cgroup_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <sstream>

#include "agent/platform/posix/small_file.h"
#include "agent/platform/posix/unique_fd.h"

namespace ifrit::agent::platform {
namespace {

constexpr mode_t kMode = 0755;

class KernelCgroupFiles final : public CgroupFiles {
public:
    explicit KernelCgroupFiles(std::string mountPoint) : m_mountPoint(std::move(mountPoint)) {}

    absl::StatusOr<std::string> read(const std::string& group,
                                     const std::string& file) const override {
        const std::string path = pathOf(group) + '/' + file;
        auto text = readSmallFile(path);
        if (!text) return base::notFound("CGROUP_FILE", path, "{} cannot be read", path);
        return *std::move(text);
    }

    absl::Status write(const std::string& group, const std::string& file,
                       std::string_view text) override {
        const std::string path = pathOf(group) + '/' + file;
        const UniqueFd opened(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
        if (!opened.valid()) return base::errnoStatus(errno, "opening " + path);
        if (::write(opened.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
            return base::errnoStatus(errno, fmt::format("writing {} to {}", text, path));
        return absl::OkStatus();
    }

    absl::Status make(const std::string& group) override {
        if (::mkdir(pathOf(group).c_str(), kMode) == 0 || errno == EEXIST) return absl::OkStatus();
        return base::errnoStatus(errno, "making the control group " + pathOf(group));
    }

    absl::Status remove(const std::string& group) override {
        if (::rmdir(pathOf(group).c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
        return base::errnoStatus(errno, "removing the control group " + pathOf(group));
    }

    std::vector<std::string> children(const std::string& group) const override {
        std::vector<std::string> names;
        const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(pathOf(group).c_str()),
                                                       &::closedir);
        if (!open) return names;
        while (const dirent* entry = ::readdir(open.get())) {
            if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
                names.emplace_back(entry->d_name);
        }
        return names;
    }

private:
    std::string pathOf(const std::string& group) const {
        return group == "/" ? m_mountPoint : m_mountPoint + group;
    }

    const std::string m_mountPoint;
};

}  // namespace

std::string cgroupMountPoint(std::string_view mountInfo) {
    std::istringstream lines{std::string(mountInfo)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream fields(line);
        std::string id, parent, device, root, point, word;
        fields >> id >> parent >> device >> root >> point;
        while (fields >> word && word != "-") {
        }
        std::string type;
        // With another root, what /proc/<pid>/cgroup says is not a path below it.
        if (fields >> type && type == "cgroup2" && root == "/") return point;
    }
    return {};
}

std::string cgroupOf(std::string_view processCgroups) {
    std::istringstream lines{std::string(processCgroups)};
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("0::/", 0) == 0) return line.substr(3);
    }
    return {};
}

std::unique_ptr<CgroupFiles> kernelCgroupFiles(std::string mountPoint) {
    return std::make_unique<KernelCgroupFiles>(std::move(mountPoint));
}

}  // namespace ifrit::agent::platform
