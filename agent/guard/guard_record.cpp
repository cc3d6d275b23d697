// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/guard_record.h"

#include "agent/guard/key_value_file.h"

namespace ifrit::agent::guard {
namespace {

constexpr int kMostArguments = 256;

std::string recordFile(const std::string& root) {
    return root + "/ifrit/guard-process";
}

std::string agentFile(const std::string& root) {
    return root + "/ifrit/guard-state";
}

std::string argumentKey(int number) {
    return "argument_" + std::to_string(number);
}

KeyValues valuesOf(const platform::ProcessId& process) {
    return {{"pid", std::to_string(process.pid)},
            {"start_time", std::to_string(process.startTime)},
            {"boot", process.bootId}};
}

platform::ProcessId processOf(const KeyValues& values) {
    return {numberOf<std::int32_t>(values, "pid"), numberOf<std::uint64_t>(values, "start_time"),
            textOf(values, "boot")};
}

}  // namespace

absl::Status writeGuardRecord(const std::string& root, const GuardRecord& record) {
    KeyValues values = valuesOf(record.process);
    values["stand_in"] = record.standIn ? "1" : "0";
    values["arguments"] = std::to_string(record.command.size());
    int number = 0;
    for (const std::string& word : record.command)
        values[argumentKey(number++)] = word;
    return writeKeyValues(recordFile(root), values);
}

absl::StatusOr<GuardRecord> readGuardRecord(const std::string& root) {
    IFRIT_ASSIGN_OR_RETURN(const KeyValues values, readKeyValues(recordFile(root)));
    GuardRecord record;
    record.process = processOf(values);
    record.standIn = textOf(values, "stand_in") == "1";
    const int words = numberOf<int>(values, "arguments");
    for (int number = 0; number < words && number < kMostArguments; ++number)
        record.command.push_back(textOf(values, argumentKey(number)));
    return record;
}

absl::Status writeStartedAgent(const std::string& root, const platform::ProcessId& agent) {
    return writeKeyValues(agentFile(root), valuesOf(agent));
}

absl::StatusOr<platform::ProcessId> readStartedAgent(const std::string& root) {
    IFRIT_ASSIGN_OR_RETURN(const KeyValues values, readKeyValues(agentFile(root)));
    return processOf(values);
}

}  // namespace ifrit::agent::guard
