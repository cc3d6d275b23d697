// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/output_rotation.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "shared/base/one_line.h"

namespace ifrit::agent::supervise {
namespace {

constexpr std::streamoff kTailBytes = 4096;
constexpr std::size_t kLineBytes = 200;
constexpr std::uint64_t kChunkBytes = 64 * 1024;
constexpr std::filesystem::perms kFileMode{0640};  // what programs print may be no one's business

absl::Status failed(const std::error_code& error, const std::string& what) {
    return error ? base::errnoStatus(error.value(), what) : absl::OkStatus();
}

/// 0 where there is no file.
std::uint64_t sizeOf(const std::string& path) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
}

/// What was written since the last look may be any amount: more than this of it is not kept, nor
/// copied while other agents wait.
std::uint64_t mostKept(const OutputFile& output) {
    return 2 * output.maxBytes;
}

/// The last `most` bytes of `from`. Not what is written to it meanwhile: that may have no end.
std::error_code copyEnd(const std::string& from, const std::string& to, std::uint64_t most) {
    std::error_code error;
    const std::uint64_t size = sizeOf(from);
    if (size <= most) {
        std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing,
                                   error);
        return error;
    }
    std::ifstream in(from, std::ios::binary);
    std::ofstream out(to, std::ios::binary | std::ios::trunc);
    std::filesystem::permissions(to, kFileMode, error);
    in.seekg(static_cast<std::streamoff>(size - most));
    std::vector<char> chunk(kChunkBytes);
    for (std::uint64_t left = most; left > 0 && in && out;) {
        in.read(chunk.data(), static_cast<std::streamsize>(std::min(left, kChunkBytes)));
        out.write(chunk.data(), in.gcount());
        left -= static_cast<std::uint64_t>(in.gcount());
    }
    const bool isShort = !in && !in.eof();  // of what could not be read
    if (!error && (isShort || !out.flush())) error = std::make_error_code(std::errc::io_error);
    return error;
}

/// Whole where its end cannot be copied, as on a full disk: nothing is lost for want of room.
void shorten(const std::string& path, std::uint64_t most) {
    if (sizeOf(path) <= most) return;
    const std::string end = path + ".end";
    std::error_code error = copyEnd(path, end, most);
    if (!error) std::filesystem::rename(end, path, error);
    if (error) std::filesystem::remove(end, error);
}

bool overCap(const OutputFile& output) {
    return output.maxBytes != 0 && sizeOf(output.path) > output.maxBytes;
}

}  // namespace

absl::Status prepareOutput(const OutputFile& output) {
    if (output.path.empty()) return absl::OkStatus();
    std::error_code error;
    const auto directory = std::filesystem::path(output.path).parent_path();
    if (!directory.empty()) std::filesystem::create_directories(directory, error);
    if (error) return failed(error, "making directory " + directory.string());
    if (overCap(output)) {
        // By its name, which needs no room: what it said last is there also when the disk is full.
        std::filesystem::rename(output.path, output.path + ".1", error);
        if (error) return failed(error, "rotating " + output.path);
        shorten(output.path + ".1", mostKept(output));
    }
    const bool isNew = !std::filesystem::exists(output.path, error);
    if (!std::ofstream(output.path, std::ios::app))
        return base::errnoStatus(errno, "opening " + output.path);
    if (isNew) std::filesystem::permissions(output.path, kFileMode, error);
    return failed(error, "setting the mode of " + output.path);
}

absl::StatusOr<Capped> capOutput(const OutputFile& output) {
    if (output.path.empty() || !overCap(output)) return Capped::Fits;
    // First: what cannot be emptied stays over the cap, and would be copied at each look.
    if (!std::fstream(output.path, std::ios::in | std::ios::out))
        return base::errnoStatus(errno, "rotating " + output.path);
    const std::error_code error = copyEnd(output.path, output.path + ".1", mostKept(output));
    // Also when the copy failed (disk full): that is exactly when the space is needed. The agent
    // appends, so its next write goes to the new beginning.
    std::error_code truncation;
    std::filesystem::resize_file(output.path, 0, truncation);
    IFRIT_RETURN_IF_ERROR(failed(error ? error : truncation, "rotating " + output.path));
    return Capped::Cut;
}

std::string lastOutputLine(const std::string& path, std::uint64_t begin) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) return "";
    const std::streamoff size = file.tellg();
    file.seekg(std::max(static_cast<std::streamoff>(begin), size - kTailBytes));
    std::string line;
    std::string last;
    while (std::getline(file, line)) {
        if (line.find_first_not_of(" \t\r") != std::string::npos) last = line;
    }
    return base::oneLine(last.substr(0, kLineBytes));
}

void OutputBegin::begin(const std::string& path) {
    m_bytes = sizeOf(path);
}

void OutputBegin::adopt(const std::string& path, std::chrono::nanoseconds age) {
    std::error_code error;
    const auto written = std::filesystem::last_write_time(path, error);
    const bool isSilent = !error && std::filesystem::file_time_type::clock::now() - written > age;
    m_bytes = isSilent ? sizeOf(path) : 0;
}

void OutputBegin::look(const std::string& path) {
    if (sizeOf(path) < m_bytes) m_bytes = 0;
}

}  // namespace ifrit::agent::supervise
