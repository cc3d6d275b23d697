// SPDX-License-Identifier: Apache-2.0
#include "agent/package/fetch_frames.h"

#include <algorithm>

namespace ifrit::agent::package {

std::string frameHeader(FrameKind kind, std::size_t size) {
    std::string header(1, static_cast<char>(kind));
    for (int shift = 24; shift >= 0; shift -= 8)
        header.push_back(static_cast<char>((size >> shift) & 0xff));
    return header;
}

bool FrameReader::take(std::string_view bytes) {
    while (!bytes.empty()) {
        if (!m_inBody && !takeHeader(bytes)) return false;
        if (m_inBody && !takeBody(bytes)) return false;
    }
    return true;
}

bool FrameReader::takeHeader(std::string_view& bytes) {
    const std::size_t part = std::min(kFrameHeaderBytes - m_header.size(), bytes.size());
    m_header.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
    if (m_header.size() < kFrameHeaderBytes) return true;
    m_kind = static_cast<FrameKind>(m_header[0]);
    m_left = 0;
    for (std::size_t i = 1; i < kFrameHeaderBytes; ++i)
        m_left = m_left << 8 | static_cast<unsigned char>(m_header[i]);
    m_header.clear();
    m_text.clear();
    m_inBody = true;
    const bool known =
        m_kind == FrameKind::Data || m_kind == FrameKind::End || m_kind == FrameKind::Late;
    if (!known || m_left > kMaxFrameBytes) return false;
    if (m_left > 0) return true;
    m_inBody = false;
    return m_sink(m_kind, {});
}

bool FrameReader::takeBody(std::string_view& bytes) {
    const std::string_view part = bytes.substr(0, std::min(m_left, bytes.size()));
    bytes.remove_prefix(part.size());
    m_left -= part.size();
    m_inBody = m_left > 0;
    if (m_kind == FrameKind::Data) return part.empty() || m_sink(m_kind, part);
    m_text.append(part);
    return m_inBody || m_sink(m_kind, m_text);
}

}  // namespace ifrit::agent::package
