// SPDX-License-Identifier: Apache-2.0
#include "agent/journal/journal.h"

#include <cstdio>
#include <utility>

#include "agent/journal/journal_codec.h"
#include "shared/base/atomic_file.h"

namespace ifrit::agent::journal {
namespace {

constexpr std::size_t kMaxFileBytes = 64 * 1024 * 1024;
constexpr int kFileMode = 0600;

// The newest broken file is kept: it is the one to look at, and the number stays bounded.
absl::Status keepAside(const std::string& path, const absl::Status& why) {
    const std::string aside = path + ".broken";
    if (std::rename(path.c_str(), aside.c_str()) != 0)
        return base::errnoStatus(errno, fmt::format("renaming {} to {}", path, aside));
    return base::makeError(
        absl::StatusCode::kDataLoss, "JOURNAL_DAMAGED", path,
        fmt::format("{} is damaged ({}); it was kept as {}, and the state is taken from what is "
                    "installed on disk",
                    path, base::messageOf(why), aside));
}

}  // namespace

absl::StatusOr<Journal::Opened> Journal::open(const std::string& path, OnDamage onDamage) {
    Decoded decoded;
    absl::Status damage;
    const absl::StatusOr<std::string> file = base::readFile(path, kMaxFileBytes);
    if (file.ok()) {
        absl::StatusOr<Decoded> read = decode(*file);
        if (read.ok()) {
            decoded = *std::move(read);
        } else if (absl::IsDataLoss(read.status()) && onDamage == OnDamage::StartEmpty) {
            damage = keepAside(path, read.status());
            if (!absl::IsDataLoss(damage)) return damage;
        } else {
            return base::annotate(read.status(), path);
        }
    } else if (!absl::IsNotFound(file.status())) {
        return file.status();
    }
    Opened opened;
    opened.journal.reset(
        new Journal(path, std::move(decoded.state), std::move(decoded.unknownKeys)));
    opened.damage = damage;
    return opened;
}

absl::StatusOr<JournalState> Journal::read(const std::string& path) {
    const absl::StatusOr<std::string> file = base::readFile(path, kMaxFileBytes);
    if (absl::IsNotFound(file.status())) return JournalState();
    if (!file.ok()) return file.status();
    absl::StatusOr<Decoded> decoded = decode(*file);
    if (!decoded.ok()) return base::annotate(decoded.status(), path);
    return std::move(decoded->state);
}

Journal::Journal(std::string path, JournalState state, std::string unknownKeys)
    : m_path(std::move(path)),
      m_state(std::move(state)),
      m_reserve(m_path + ".room"),
      m_unknownKeys(std::move(unknownKeys)) {}

JournalState Journal::state() const {
    const absl::MutexLock lock(&m_mutex);
    return m_state;
}

AgentRecord Journal::agent(const std::string& name) const {
    const absl::MutexLock lock(&m_mutex);
    const auto found = m_state.agents.find(name);
    return found == m_state.agents.end() ? AgentRecord() : found->second;
}

absl::Status Journal::holdReserve() {
    const absl::MutexLock lock(&m_mutex);
    m_holdsReserve = true;
    return m_reserve.make();
}

bool Journal::giveReserve() {
    const absl::MutexLock lock(&m_mutex);
    return m_holdsReserve && m_reserve.giveAway();
}

absl::Status Journal::write(const std::string& bytes, Room room) {
    absl::Status written = base::writeFileAtomically(m_path, bytes, kFileMode);
    const bool mayGive = m_holdsReserve && room == Room::Reserved;
    while (mayGive && absl::IsResourceExhausted(written) && m_reserve.giveAway())
        written = base::writeFileAtomically(m_path, bytes, kFileMode);
    return written;
}

absl::Status Journal::update(const std::function<void(JournalState&)>& change, Room room) {
    const absl::MutexLock lock(&m_mutex);
    JournalState next = m_state;
    change(next);
    if (next == m_state) return absl::OkStatus();
    IFRIT_RETURN_IF_ERROR(write(encode(next, m_unknownKeys), room));
    m_state = std::move(next);
    // Whether it can be is seen again after the next change.
    if (m_holdsReserve) m_reserve.fill().IgnoreError();
    return absl::OkStatus();
}

absl::Status Journal::updateAgent(const std::string& name,
                                  const std::function<void(AgentRecord&)>& change, Room room) {
    return update(
        [&](JournalState& state) {
            AgentRecord& record = state.agents[name];
            change(record);
            if (record == AgentRecord()) state.agents.erase(name);
        },
        room);
}

}  // namespace ifrit::agent::journal
