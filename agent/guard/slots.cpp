// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/slots.h"

#include "agent/guard/key_value_file.h"
#include "agent/guard/reserved_file.h"

namespace ifrit::agent::guard {
namespace {

constexpr char kCurrent[] = "current";
constexpr char kTrial[] = "trial";
constexpr char kProof[] = "proof";
constexpr char kWatch[] = "trial-watch";
constexpr char kPutBack[] = "put-back";
constexpr char kSlotsPrefix[] = "slots/";
constexpr std::uint32_t kDirectoryMode = 0755;

/// So that the whole fits into what is reserved for it.
constexpr std::size_t kLongestMessage = 2048;

std::string shortened(std::string message) {
    if (message.size() <= kLongestMessage) return message;
    std::size_t end = kLongestMessage;
    // Not within a character: the bytes after its first are 10xxxxxx.
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0) == 0x80)
        --end;
    message.resize(end);
    return message;
}

bool isSlot(const std::string& slot) {
    return slot == "a" || slot == "b";
}

}  // namespace

Slots::Slots(std::string root, platform::Directories& directories)
    : m_home(std::move(root) + "/ifrit"), m_directories(directories) {}

std::string Slots::program(const std::string& fallback) const {
    if (current().empty()) return fallback;
    return path(kCurrent) + "/bin/ifrit-agent";
}

std::string Slots::current() const {
    const auto target = m_directories.readLink(path(kCurrent));
    if (!target.ok() || target->rfind(kSlotsPrefix, 0) != 0) return "";
    return target->substr(sizeof kSlotsPrefix - 1);
}

std::optional<Trial> Slots::trial() const {
    const auto values = readKeyValues(path(kTrial));
    if (!values.ok()) return std::nullopt;
    Trial trial;
    trial.slot = textOf(*values, "slot");
    trial.previous = textOf(*values, "previous");
    trial.id = textOf(*values, "id");
    trial.version = textOf(*values, "version");
    trial.probation = std::chrono::milliseconds(numberOf<std::int64_t>(*values, "probation_ms"));
    trial.cpuPercent = numberOf<std::uint32_t>(*values, "cpu_percent");
    trial.memoryBytes = numberOf<std::uint64_t>(*values, "memory_bytes");
    if (!isSlot(trial.slot) || trial.slot != current()) return std::nullopt;
    return trial;
}

std::optional<Trial> Slots::judgedTrial() {
    std::optional<Trial> found = trial();
    // Also what a guard that was killed in finish() left, or the proof that crossed it.
    if (!found) finish().IgnoreError();
    return found;
}

std::optional<Proof> Slots::proof(const Trial& trial) const {
    const auto values = readKeyValues(path(kProof));
    if (!values.ok() || textOf(*values, "id") != trial.id) return std::nullopt;
    return Proof{trial.id, numberOf<std::int32_t>(*values, "pid"),
                 std::chrono::milliseconds(numberOf<std::int64_t>(*values, "beat_ms")),
                 textOf(*values, "synced") == "1"};
}

absl::Status Slots::finish() {
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(path(kTrial)));
    for (const char* name : {kWatch, kProof})
        IFRIT_RETURN_IF_ERROR(m_directories.removeTree(path(name)));
    const std::string room = ReservedFile(path(kPutBack)).room();
    for (const std::string& left : {room, room + ".tmp"})
        IFRIT_RETURN_IF_ERROR(m_directories.removeTree(left));
    // What a kill left half written; of the trial itself ifrit-agent may be writing the next.
    for (const char* name : {kWatch, kProof, kPutBack})
        IFRIT_RETURN_IF_ERROR(m_directories.removeTree(path(name) + ".tmp"));
    return absl::OkStatus();
}

absl::Status Slots::putBack(const Trial& trial, const PutBack& why) {
    const KeyValues reason{{"id", why.id},
                           {"version", why.version},
                           {"reason", why.reason},
                           {"message", shortened(why.message)},
                           {"at", std::to_string(base::toUnixMillis(why.at))}};
    // The reason first: were the switch first, a kill between them would lose it.
    absl::Status told = writeKeyValues(path(kPutBack), reason);
    // On a full disk: what the trial began with.
    if (!told.ok()) told = ReservedFile(path(kPutBack)).write(keyValueText(reason));
    // But a version that fills the disk must not stay because of that.
    IFRIT_RETURN_IF_ERROR(switchTo(trial.previous));
    IFRIT_RETURN_IF_ERROR(finish());
    // Begun by a version that reserved nothing: what finish() removed may have left room. Without
    // it the version may get another trial.
    if (!told.ok()) writeKeyValues(path(kPutBack), reason).IgnoreError();
    return absl::OkStatus();
}

absl::Status Slots::switchTo(const std::string& slot) {
    if (slot.empty()) return m_directories.removeTree(path(kCurrent));
    return m_directories.switchLink(kSlotsPrefix + slot, path(kCurrent));
}

absl::Status Slots::fill(const std::string& slot, const std::string& directory) {
    if (!isSlot(slot) || slot == current()) {
        return base::invalidArgument("BAD_SLOT", slot, "slot '{}' is in use and cannot be filled",
                                     slot);
    }
    IFRIT_RETURN_IF_ERROR(m_directories.create(path("slots"), kDirectoryMode));
    return m_directories.switchLink("../../" + directory, path(kSlotsPrefix) + slot);
}

absl::Status Slots::beginTrial(const Trial& trial) {
    if (!isSlot(trial.slot) || (!trial.previous.empty() && !isSlot(trial.previous)) ||
        trial.slot == trial.previous || trial.probation <= std::chrono::milliseconds(0)) {
        return base::invalidArgument("BAD_TRIAL", trial.slot,
                                     "slot '{}' after '{}' for {} ms is no trial", trial.slot,
                                     trial.previous, trial.probation.count());
    }
    // What an older trial left must not speak for this one.
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(path(kProof)));
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(path(kWatch)));
    // A version that fills the disk must not keep guard from saying why it was put back.
    IFRIT_RETURN_IF_ERROR(ReservedFile(path(kPutBack)).reserve());
    const KeyValues written{{"slot", trial.slot},
                            {"previous", trial.previous},
                            {"id", trial.id},
                            {"version", trial.version},
                            {"probation_ms", std::to_string(trial.probation.count())},
                            {"cpu_percent", std::to_string(trial.cpuPercent)},
                            {"memory_bytes", std::to_string(trial.memoryBytes)}};
    IFRIT_RETURN_IF_ERROR(writeKeyValues(path(kTrial), written));
    IFRIT_RETURN_IF_ERROR(switchTo(trial.slot));
    // A guard that began just before the switch took the trial for one that had not begun.
    if (!this->trial()) IFRIT_RETURN_IF_ERROR(writeKeyValues(path(kTrial), written));
    return ReservedFile(path(kPutBack)).reserve();
}

absl::Status Slots::confirm(const Trial& trial) {
    // Written for a verdict that could not be carried out then, and is not the last one.
    if (const auto word = readKeyValues(path(kPutBack));
        word.ok() && textOf(*word, "id") == trial.id)
        IFRIT_RETURN_IF_ERROR(forgetPutBack());
    return finish();
}

absl::Status Slots::prove(const Proof& proof) {
    IFRIT_RETURN_IF_ERROR(
        writeKeyValues(path(kProof), {{"id", proof.id},
                                      {"pid", std::to_string(proof.pid)},
                                      {"beat_ms", std::to_string(proof.beat.count())},
                                      {"synced", proof.synced ? "1" : "0"}}));
    // Guard may have ended the trial meanwhile, and then does not look again.
    return trial() ? absl::OkStatus() : m_directories.removeTree(path(kProof));
}

std::optional<PutBack> Slots::lastPutBack() const {
    const auto values = readKeyValues(path(kPutBack));
    if (!values.ok()) return std::nullopt;
    // Written before the switch: until then the version that it is about runs, and must not take
    // it away from the one before.
    if (const auto on = trial(); on && on->id == textOf(*values, "id")) return std::nullopt;
    return PutBack{textOf(*values, "id"), textOf(*values, "version"), textOf(*values, "reason"),
                   textOf(*values, "message"),
                   base::fromUnixMillis(numberOf<std::int64_t>(*values, "at"))};
}

absl::Status Slots::forgetPutBack() {
    return m_directories.removeTree(path(kPutBack));
}

}  // namespace ifrit::agent::guard
