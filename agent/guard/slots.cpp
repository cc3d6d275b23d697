// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/slots.h"

#include <charconv>

#include "agent/guard/key_value_file.h"

namespace ifrit::agent::guard {
namespace {

constexpr char kCurrent[] = "current";
constexpr char kTrial[] = "trial";
constexpr char kConfirmed[] = "confirmed";
constexpr char kPutBack[] = "put-back";
constexpr char kSlotsPrefix[] = "slots/";

std::string value(const KeyValues& values, const std::string& key) {
    const auto found = values.find(key);
    return found == values.end() ? "" : found->second;
}

std::int64_t number(const KeyValues& values, const std::string& key) {
    const std::string text = value(values, key);
    std::int64_t parsed = 0;
    std::from_chars(text.data(), text.data() + text.size(), parsed);
    return parsed;
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

std::optional<Trial> Slots::trial() {
    const auto values = readKeyValues(path(kTrial));
    if (absl::IsNotFound(values.status())) return std::nullopt;
    Trial trial;
    if (values.ok()) {
        trial.slot = value(*values, "slot");
        trial.previous = value(*values, "previous");
        trial.id = value(*values, "id");
        trial.probation = std::chrono::seconds(number(*values, "probation_seconds"));
    }
    if (isSlot(trial.slot) && trial.slot == current()) return trial;
    m_directories.removeTree(path(kTrial)).IgnoreError();
    return std::nullopt;
}

bool Slots::confirmed(const Trial& trial) const {
    const auto values = readKeyValues(path(kConfirmed));
    return values.ok() && value(*values, "id") == trial.id;
}

absl::Status Slots::finish(const Trial&) {
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(path(kTrial)));
    return m_directories.removeTree(path(kConfirmed));
}

absl::Status Slots::putBack(const Trial& trial, const std::string& reason, base::WallTime now) {
    // The reason first: were the switch first, a kill between them would lose it.
    IFRIT_RETURN_IF_ERROR(writeKeyValues(
        path(kPutBack),
        {{"id", trial.id}, {"reason", reason}, {"at", std::to_string(base::toUnixMillis(now))}}));
    IFRIT_RETURN_IF_ERROR(switchTo(trial.previous));
    return finish(trial);
}

absl::Status Slots::switchTo(const std::string& slot) {
    if (slot.empty()) return m_directories.removeTree(path(kCurrent));
    return m_directories.switchLink(kSlotsPrefix + slot, path(kCurrent));
}

absl::Status Slots::beginTrial(const Trial& trial) {
    if (!isSlot(trial.slot) || (!trial.previous.empty() && !isSlot(trial.previous)) ||
        trial.slot == trial.previous || trial.probation <= std::chrono::seconds(0)) {
        return base::invalidArgument("BAD_TRIAL", trial.slot,
                                     "slot '{}' after '{}' for {} s is no trial", trial.slot,
                                     trial.previous, trial.probation.count());
    }
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(path(kConfirmed)));
    IFRIT_RETURN_IF_ERROR(writeKeyValues(
        path(kTrial), {{"slot", trial.slot},
                       {"previous", trial.previous},
                       {"id", trial.id},
                       {"probation_seconds", std::to_string(trial.probation.count())}}));
    return switchTo(trial.slot);
}

absl::Status Slots::confirm() {
    const auto on = trial();
    if (!on) return absl::OkStatus();
    return writeKeyValues(path(kConfirmed), {{"id", on->id}});
}

std::optional<PutBack> Slots::takePutBack() {
    const auto values = readKeyValues(path(kPutBack));
    if (!values.ok()) return std::nullopt;
    PutBack found{value(*values, "id"), value(*values, "reason"),
                  base::fromUnixMillis(number(*values, "at"))};
    m_directories.removeTree(path(kPutBack)).IgnoreError();
    return found;
}

}  // namespace ifrit::agent::guard
