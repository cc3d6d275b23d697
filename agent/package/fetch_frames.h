// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ifrit::agent::package {

// What ifrit-fetch writes on its output: frames of a kind, a length (4 bytes, big endian) and that
// many bytes. An output without an End frame is that of a program that died.

enum class FrameKind : char {
    Data = 'D',  ///< the next bytes of the archive; none, about once a second, while it waits
    End = 'E',   ///< empty when all came; else why not, for people
    Late = 'L',  ///< as End, where the time was over
};

inline constexpr std::size_t kFrameHeaderBytes = 5;
inline constexpr std::size_t kMaxFrameBytes = 256 * 1024;

/// The header of a frame with `size` bytes, at most kMaxFrameBytes.
std::string frameHeader(FrameKind kind, std::size_t size);

/// Puts frames together again from pieces of any size. One thread.
class FrameReader {
public:
    /// Data comes in the pieces that it arrives in; the text of the others as a whole. False ends
    /// the reading.
    using Sink = std::function<bool(FrameKind, std::string_view)>;

    explicit FrameReader(Sink sink) : m_sink(std::move(sink)) {}

    /// False when the sink said so or what came is no frame.
    bool take(std::string_view bytes);

private:
    bool takeHeader(std::string_view& bytes);
    bool takeBody(std::string_view& bytes);

    const Sink m_sink;
    std::string m_header;
    std::string m_text;
    FrameKind m_kind = FrameKind::Data;
    std::size_t m_left = 0;  ///< of the frame whose header is complete
    bool m_inBody = false;
};

}  // namespace ifrit::agent::package
