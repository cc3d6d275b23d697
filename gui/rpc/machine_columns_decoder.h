// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "gui/services/fleet.h"
#include "ifrit/v1/fleet.pb.h"

namespace ifrit::gui::rpc {

/// The string table that an observer of the machine stream holds. It outlives single streams.
struct ObserverStrings {
    std::unordered_map<std::string, std::uint32_t> index{{std::string(), 0}};
    void clear() { index = {{std::string(), 0}}; }
};

/// Decodes one stream of WatchMachines. Each stream counts its strings from "" at 0; after a resume
/// the observer's table goes on growing, so indices are translated. One thread at a time.
class MachineColumnsDecoder {
public:
    explicit MachineColumnsDecoder(std::shared_ptr<ObserverStrings> observer)
        : m_observer(std::move(observer)) {}

    /// DATA_LOSS when arrays disagree in length or an index is outside the table: then nothing of
    /// the message may be used.
    absl::StatusOr<services::MachinesUpdate> decode(v1::WatchMachinesResponse&& in);

private:
    void learn(const v1::MachineColumns& in, std::vector<std::string>& newStrings);
    absl::Status translate(const google::protobuf::RepeatedField<std::uint32_t>& in,
                           std::size_t rows, const char* column,
                           std::vector<std::uint32_t>& out) const;
    absl::Status decodeMachines(v1::MachineColumns& in, services::MachineColumns& out) const;
    absl::Status decodeAgents(const v1::AgentColumns& in, std::size_t rows,
                              services::AgentColumns& out) const;

    std::shared_ptr<ObserverStrings> m_observer;
    std::vector<std::uint32_t> m_fromStream{0};  ///< stream's index to observer's
};

}  // namespace ifrit::gui::rpc
