// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/base/clock.h"
#include "shared/domain/machine.h"

namespace ifrit::filter {

struct AgentFields {
    std::string_view name;
    std::string_view version;  ///< running
    domain::MachineState state = domain::MachineState::Unknown;
};

/// The labels of a machine: as a map, or where a column holds them as text, "k=v,k=v".
using LabelFields = std::variant<std::string_view, const std::map<std::string, std::string>*>;

/// What a filter looks at; borrowed from whatever holds the machine.
struct MachineFields {
    std::string_view uuid;
    std::string_view machineType;
    std::string_view pin;
    std::string_view hostname;
    std::string_view address;
    std::string_view ifritVersion;
    LabelFields labels;
    std::uint32_t batch = 0;
    domain::MachineState state = domain::MachineState::Unknown;
    bool offline = false;  ///< misses its polls
    base::WallTime lastSeen{};
    std::span<const AgentFields> agents;
};

/// What is wrong with a filter's text, and where: bytes [position, position + length).
struct FilterError {
    std::size_t position = 0;
    std::size_t length = 0;
    std::string sentence;
};

struct Term;  // shared/filter/filter_term.h

/// The filter of machine lists:
///
///     state:failed type:LINUX,ARM64 pin:acme agent:logd version<4.2 batch:3..4 seen>5m
///     label:zone=b -uuid:/^test/ word
///
/// Terms are joined by "and"; '-' negates one; a comma joins values by "or"; /.../ is a regular
/// expression (RE2's syntax, searched); a word alone is part of uuid, host name or address.
/// `version` and `state` are about the agent of an `agent:` term where there is one.
/// state:in_flight is everything between scheduled and watching, state:offline a machine that
/// misses its polls: what its agents last were is old, so that `agent:logd state:healthy` never
/// means one of them. Immutable; copies are cheap and may be used on other threads.
class MachineFilter {
public:
    struct Parsed;
    static Parsed parse(std::string_view text);

    bool matches(const MachineFields& machine, base::WallTime now) const;
    bool empty() const { return !m_terms || m_terms->empty(); }

private:
    friend class FilterParser;
    std::shared_ptr<const std::vector<Term>> m_terms;
    std::string m_agent;
};

struct MachineFilter::Parsed {
    MachineFilter filter;  ///< matches everything where there is an error
    std::optional<FilterError> error;
};

/// Every key that a term may begin with, for completion.
std::span<const std::string_view> filterKeys();

}  // namespace ifrit::filter
