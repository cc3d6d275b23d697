// SPDX-License-Identifier: Apache-2.0
#include "master/services/freeze_file.h"

#include <spdlog/spdlog.h>

#include <sstream>
#include <system_error>

#include "shared/base/atomic_file.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/config/toml_section.h"

namespace ifrit::master::services {
namespace {

constexpr std::size_t kMaxFileBytes = 64 * 1024;
// More than a reason and a name can have.
constexpr std::size_t kRoomBytes = 16 * 1024;

absl::StatusOr<domain::FreezeMark> parse(const std::string& text, const std::string& file) {
    IFRIT_ASSIGN_OR_RETURN(const toml::table table, config::parseToml(text, file));
    config::TomlSection section(table, file, "");
    domain::FreezeMark out;
    std::int64_t millis = 0;
    section.read("id", out.id, config::Presence::Required);
    section.read("by", out.by, config::Presence::Required);
    section.read("reason", out.reason, config::Presence::Required);
    section.read("at_ms", millis, 0, INT64_MAX, config::Presence::Required);
    section.read("address", out.address);
    section.read("via", out.via);
    section.read("request_id", out.requestId);
    IFRIT_RETURN_IF_ERROR(section.finish());
    out.at = base::fromUnixMillis(millis);
    return out;
}

}  // namespace

absl::Status FreezeFile::keepRoom() const {
    std::error_code error;
    if (m_path.empty() || std::filesystem::exists(room(), error)) return absl::OkStatus();
    // Written, not only reserved: a file system may give what is zero no blocks.
    return base::writeFileAtomically(room(), std::string(kRoomBytes, '\n'), 0600);
}

absl::Status FreezeFile::write(const domain::FreezeMark& mark) const {
    if (m_path.empty()) return absl::OkStatus();
    const toml::table table{{"id", mark.id},
                            {"by", mark.by},
                            {"reason", mark.reason},
                            {"at_ms", base::toUnixMillis(mark.at)},
                            {"address", mark.address},
                            {"via", mark.via},
                            {"request_id", mark.requestId}};
    std::ostringstream text;
    text << "# All change in this cluster is stopped. `ifritctl cluster unfreeze` lifts it.\n"
         << table << '\n';
    const absl::Status written = base::writeFileAtomically(m_path.string(), text.str(), 0600);
    if (written.ok()) return written;
    const absl::Status inRoom = base::writeTextInRoom(m_path.string(), text.str(), room());
    return inRoom.ok() ? inRoom : written;
}

absl::Status FreezeFile::remove() const {
    if (m_path.empty()) return absl::OkStatus();
    std::error_code error;
    std::filesystem::remove(m_path, error);
    if (!error) return absl::OkStatus();
    return base::makeError(
        absl::StatusCode::kInternal, "FILE_REMOVE", m_path.string(),
        fmt::format("{} cannot be removed: {}", m_path.string(), error.message()));
}

std::optional<domain::FreezeMark> FreezeFile::read() const {
    if (m_path.empty()) return std::nullopt;
    const auto text = base::readFile(m_path.string(), kMaxFileBytes);
    if (absl::IsNotFound(text.status())) return std::nullopt;
    absl::Status why = text.status();
    if (text.ok()) {
        auto mark = parse(*text, m_path.string());
        if (mark.ok()) return *std::move(mark);
        why = mark.status();
    }
    spdlog::error("the freeze in {} is not readable and holds: {}", m_path.string(),
                  base::messageOf(why));
    domain::FreezeMark out;
    out.id = base::randomUuid();
    out.by = kUnknown;
    out.reason = "the file that says who froze the cluster is not readable";
    return out;
}

}  // namespace ifrit::master::services
