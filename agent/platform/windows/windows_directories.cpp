// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/windows_directories.h"

#include <windows.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <memory>

#include "agent/platform/windows/unique_handle.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

namespace fs = std::filesystem;

// FileRenameInfoEx of Windows 10, which older headers lack.
constexpr auto kRenameInfoEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(22);
constexpr DWORD kReplace = 0x1;
constexpr DWORD kPosixSemantics = 0x2;

/// Of the link itself, where it is one.
constexpr DWORD kItself = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT;

struct RenameInfo {
    DWORD flags;
    HANDLE root;
    DWORD nameBytes;
    wchar_t name[1];
};

fs::path pathOf(const std::string& path) {
    return fs::path(base::toWidePath(path));
}

absl::Status systemStatus(const std::error_code& error, const std::string& what) {
    return base::windowsStatus(static_cast<DWORD>(error.value()), what);
}

bool isDirectory(const std::string& path) {
    const DWORD found = ::GetFileAttributesW(base::toWidePath(path).c_str());
    return found != INVALID_FILE_ATTRIBUTES && (found & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

}  // namespace

absl::Status WindowsDirectories::create(const std::string& path, std::uint32_t mode) {
    if (isDirectory(path)) return absl::OkStatus();
    const fs::path parent = pathOf(path).parent_path();
    if (!parent.empty() && parent != pathOf(path))
        IFRIT_RETURN_IF_ERROR(create(base::fromWide(parent.wstring()), mode));
    if (!::CreateDirectoryW(base::toWidePath(path).c_str(), nullptr) && !isDirectory(path))
        return base::lastError("making directory " + path);
    return absl::OkStatus();
}

absl::Status WindowsDirectories::removeTree(const std::string& path) {
    std::error_code error;
    fs::remove_all(pathOf(path), error);
    return error ? systemStatus(error, "removing " + path) : absl::OkStatus();
}

absl::Status WindowsDirectories::rename(const std::string& from, const std::string& to) {
    const UniqueHandle source(::CreateFileW(base::toWidePath(from).c_str(), DELETE | SYNCHRONIZE,
                                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                            nullptr, OPEN_EXISTING,
                                            kItself | FILE_FLAG_WRITE_THROUGH, nullptr));
    if (!source.valid()) return base::lastError("opening " + from);
    const std::wstring target = base::toWidePath(to);
    const std::size_t bytes = sizeof(RenameInfo) + target.size() * sizeof(wchar_t);
    const auto memory = std::make_unique<std::byte[]>(bytes);
    auto* info = reinterpret_cast<RenameInfo*>(memory.get());
    // As POSIX has it: over what is there in one step, also while others have that open.
    info->flags = kReplace | kPosixSemantics;
    info->nameBytes = static_cast<DWORD>(target.size() * sizeof(wchar_t));
    std::memcpy(info->name, target.data(), info->nameBytes);
    if (!::SetFileInformationByHandle(source.get(), kRenameInfoEx, info, static_cast<DWORD>(bytes)))
        return base::lastError(fmt::format("renaming {} to {}", from, to));
    return absl::OkStatus();
}

absl::Status WindowsDirectories::switchLink(const std::string& target, const std::string& link) {
    // A fixed name: what a kill left behind is replaced by the next attempt, never collected.
    const std::string fresh = link + ".new";
    IFRIT_RETURN_IF_ERROR(removeTree(fresh));
    if (!::CreateSymbolicLinkW(
            base::toWidePath(fresh).c_str(), base::toWidePath(target).c_str(),
            SYMBOLIC_LINK_FLAG_DIRECTORY | SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE))
        return base::lastError("making link " + fresh);
    return rename(fresh, link);
}

absl::StatusOr<std::string> WindowsDirectories::readLink(const std::string& link) const {
    std::error_code error;
    const fs::path target = fs::read_symlink(pathOf(link), error);
    if (error) return systemStatus(error, "reading link " + link);
    std::string text = base::fromWide(target.wstring());
    std::replace(text.begin(), text.end(), '\\', '/');
    return text;
}

absl::StatusOr<std::vector<std::string>> WindowsDirectories::list(const std::string& path) const {
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator at(pathOf(path), error);
    while (!error && at != fs::directory_iterator()) {
        names.push_back(base::fromWide(at->path().filename().wstring()));
        at.increment(error);
    }
    if (error) return systemStatus(error, "listing " + path);
    std::sort(names.begin(), names.end());
    return names;
}

absl::StatusOr<Owner> WindowsDirectories::owner(const std::string& directory) const {
    if (!isDirectory(directory)) return base::lastError("looking whose " + directory + " is");
    return Owner();
}

absl::Status WindowsDirectories::setOwner(const std::string&, const Owner&) {
    return absl::OkStatus();
}

Owner WindowsDirectories::ourselves() const {
    return {};
}

}  // namespace ifrit::agent::platform
