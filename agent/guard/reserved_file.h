// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/base/status.h"

namespace ifrit::agent::guard {

/// A small file whose room is taken beforehand, so that it can be written when the disk is full.
/// `<path>.room` holds kBytes; it is written in place, which takes nothing of the disk, and then
/// gets the file's name. Nobody else can take the room meanwhile, as they could after a reserve was
/// given back. Not thread-safe.
class ReservedFile {
public:
    static constexpr std::size_t kBytes = 4096;

    explicit ReservedFile(const std::string& path) : m_path(path), m_room(path + ".room") {}

    /// Where the room is.
    const std::string& room() const { return m_room; }
    /// Takes the room, durably; nothing to do where it is taken.
    absl::Status reserve();
    /// Makes `bytes`, at most kBytes, the file's content and uses the room up. Durable and atomic:
    /// after a kill the file is as before or new. NOT_FOUND without room.
    absl::Status write(std::string_view bytes);

private:
    const std::string m_path;
    const std::string m_room;
};

}  // namespace ifrit::agent::guard
