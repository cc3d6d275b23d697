// SPDX-License-Identifier: Apache-2.0
#include "agent/journal/journal_codec.h"

#include <charconv>
#include <sstream>

#include "agent/journal/journal_toml.h"
#include "shared/base/hashing.h"

namespace ifrit::agent::journal {
namespace {

constexpr std::string_view kMagic = "# ifrit-journal ";

absl::Status damaged(std::string_view what) {
    return base::makeError(absl::StatusCode::kDataLoss, "JOURNAL_DAMAGED", "journal", what);
}

// Takes one number, and the text behind it, off the front of `line`.
template <typename Number>
bool take(std::string_view& line, Number& number, std::string_view behind, int numberBase = 10) {
    const auto parsed = std::from_chars(line.data(), line.data() + line.size(), number, numberBase);
    if (parsed.ec != std::errc()) return false;
    line.remove_prefix(static_cast<std::size_t>(parsed.ptr - line.data()));
    if (line.substr(0, behind.size()) != behind) return false;
    line.remove_prefix(behind.size());
    return true;
}

// The format is part of what is summed, so that no byte of the file can change unnoticed.
std::uint64_t checksumOf(std::string_view body, int major, int minor) {
    return base::xxh3(body, static_cast<std::uint64_t>(major) << 32 | static_cast<unsigned>(minor));
}

struct Header {
    int major = 0;
    int minor = 0;
    std::uint64_t checksum = 0;
    std::size_t bytes = 0;
};

absl::StatusOr<Header> parseHeader(std::string_view line) {
    Header header;
    if (line.substr(0, kMagic.size()) != kMagic)
        return damaged("the file does not begin as a journal of ifrit");
    line.remove_prefix(kMagic.size());
    if (!take(line, header.major, ".") || header.major < kFormatMajor)
        return damaged("the first line has no format number");
    if (header.major > kFormatMajor) {
        return base::failedPrecondition(
            "JOURNAL_TOO_NEW", "journal",
            "the journal has format {}, this ifrit-agent reads up to {}.x: start the version "
            "of ifrit-agent that wrote it",
            header.major, kFormatMajor);
    }
    if (!take(line, header.minor, " xxh3=") || !take(line, header.checksum, " bytes=", 16) ||
        !take(line, header.bytes, "") || !line.empty())
        return damaged("the first line has no checksum");
    return header;
}

absl::StatusOr<toml::table> parseToml(std::string_view text) {
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        return damaged(
            fmt::format("line {}: {}", error.source().begin.line + 1, error.description()));
    }
}

}  // namespace

std::string encode(const JournalState& state, const std::string& unknownKeys) {
    toml::table document = toToml(state);
    if (!unknownKeys.empty()) {
        if (const auto unknown = parseToml(unknownKeys); unknown.ok())
            addUnknown(document, *unknown);
    }
    std::ostringstream text;
    text << "# Written by ifrit-agent at each step; a changed byte makes it unreadable.\n"
         << document << '\n';
    const std::string body = text.str();
    return fmt::format("{}{}.{} xxh3={:016x} bytes={}\n{}", kMagic, kFormatMajor, kFormatMinor,
                       checksumOf(body, kFormatMajor, kFormatMinor), body.size(), body);
}

absl::StatusOr<Decoded> decode(std::string_view file) {
    const auto lineEnd = file.find('\n');
    if (lineEnd == std::string_view::npos) return damaged("the file ends in its first line");
    IFRIT_ASSIGN_OR_RETURN(const Header header, parseHeader(file.substr(0, lineEnd)));
    const std::string_view body = file.substr(lineEnd + 1);
    if (body.size() != header.bytes) {
        return damaged(fmt::format("it has {} bytes after the first line instead of {}",
                                   body.size(), header.bytes));
    }
    if (checksumOf(body, header.major, header.minor) != header.checksum)
        return damaged("its checksum is wrong: bytes were changed");
    IFRIT_ASSIGN_OR_RETURN(const toml::table document, parseToml(body));
    const Writer writer = header.minor > kFormatMinor ? Writer::LaterMinor : Writer::ThisFormat;
    IFRIT_ASSIGN_OR_RETURN(ReadToml read, fromToml(document, writer));
    std::ostringstream unknown;
    if (!read.unknown.empty()) unknown << read.unknown;
    return Decoded{std::move(read.state), unknown.str()};
}

}  // namespace ifrit::agent::journal
