// SPDX-License-Identifier: Apache-2.0
#include "shared/filter/machine_filter.h"

#include <algorithm>

#include "shared/filter/filter_term.h"
#include "shared/filter/version_order.h"

namespace ifrit::filter {
namespace {

using domain::MachineState;

bool isInFlight(MachineState state) {
    return state >= MachineState::Scheduled && state <= MachineState::Watching;
}

bool anyText(const Term& term, std::string_view value) {
    return std::any_of(term.texts.begin(), term.texts.end(),
                       [value](const TextMatch& text) { return text.matches(value); });
}

bool anyPart(const Term& term, const MachineFields& machine) {
    const auto within = [&](std::string_view value) {
        return std::any_of(term.texts.begin(), term.texts.end(), [value](const TextMatch& text) {
            return text.pattern ? text.matches(value)
                                : value.find(text.text) != std::string_view::npos;
        });
    };
    return within(machine.uuid) || within(machine.hostname) || within(machine.address);
}

bool hasLabelInText(const Term& term, std::string_view labels) {
    while (!labels.empty()) {
        const std::size_t comma = std::min(labels.find(','), labels.size());
        const std::string_view label = labels.substr(0, comma);
        const std::size_t equals = std::min(label.find('='), label.size());
        if (label.substr(0, equals) == term.labelKey) {
            return term.labelAnyValue ||
                   anyText(term, label.substr(std::min(equals + 1, label.size())));
        }
        labels.remove_prefix(std::min(comma + 1, labels.size()));
    }
    return false;
}

bool hasLabel(const Term& term, const LabelFields& labels) {
    if (const auto* text = std::get_if<std::string_view>(&labels)) {
        return hasLabelInText(term, *text);
    }
    const auto& map = *std::get<const std::map<std::string, std::string>*>(labels);
    const auto found = map.find(term.labelKey);
    return found != map.end() && (term.labelAnyValue || anyText(term, found->second));
}

bool matchesVersion(const Term& term, std::string_view version) {
    if (version.empty()) return false;
    if (term.relation == Relation::Is) return anyText(term, version);
    return std::any_of(term.texts.begin(), term.texts.end(), [&](const TextMatch& text) {
        const int order = compareVersions(version, text.text);
        return term.relation == Relation::Less ? order < 0 : order > 0;
    });
}

bool anyState(const Term& term, MachineState state, bool offline) {
    return std::any_of(term.states.begin(), term.states.end(), [&](const StateMatch& match) {
        if (match.group == StateGroup::Offline) return offline;
        if (match.group == StateGroup::InFlight) return !offline && isInFlight(state);
        return state == match.state;
    });
}

bool matchesState(const Term& term, const MachineFields& machine, std::string_view agent) {
    if (agent.empty() || machine.offline || machine.state == MachineState::Silent) {
        return anyState(term, machine.state, machine.offline);
    }
    return std::any_of(machine.agents.begin(), machine.agents.end(), [&](const AgentFields& one) {
        return one.name == agent && anyState(term, one.state, machine.offline);
    });
}

bool matchesBatch(const Term& term, std::uint32_t batch) {
    return std::any_of(term.batches.begin(), term.batches.end(), [&](const BatchRange& range) {
        if (term.relation == Relation::Less) return batch < range.first;
        if (term.relation == Relation::Greater) return batch > range.last;
        return batch >= range.first && batch <= range.last;
    });
}

bool matchesTerm(const Term& term, const MachineFields& machine, std::string_view agent,
                 base::WallTime now) {
    switch (term.field) {
        case Field::Word:
            return anyPart(term, machine);
        case Field::Uuid:
            return anyText(term, machine.uuid);
        case Field::Type:
            return anyText(term, machine.machineType);
        case Field::Pin:
            return anyText(term, machine.pin);
        case Field::Host:
            return anyText(term, machine.hostname);
        case Field::Address:
            return anyText(term, machine.address);
        case Field::Ifrit:
            return anyText(term, machine.ifritVersion);
        case Field::Label:
            return hasLabel(term, machine.labels);
        case Field::Agent:
            return std::any_of(machine.agents.begin(), machine.agents.end(),
                               [&](const AgentFields& one) { return anyText(term, one.name); });
        case Field::Version:
            return std::any_of(machine.agents.begin(), machine.agents.end(),
                               [&](const AgentFields& one) {
                                   return (agent.empty() || one.name == agent) &&
                                          matchesVersion(term, one.version);
                               });
        case Field::State:
            return matchesState(term, machine, agent);
        case Field::Batch:
            return matchesBatch(term, machine.batch);
        case Field::Seen:
            return term.relation == Relation::Greater ? now - machine.lastSeen > term.age
                                                      : now - machine.lastSeen < term.age;
    }
    return false;
}

}  // namespace

bool TextMatch::matches(std::string_view value) const {
    if (pattern) return pattern->isFoundIn(value);
    return value == text;
}

bool MachineFilter::matches(const MachineFields& machine, base::WallTime now) const {
    if (!m_terms) return true;
    return std::all_of(m_terms->begin(), m_terms->end(), [&](const Term& term) {
        return matchesTerm(term, machine, m_agent, now) != term.negated;
    });
}

}  // namespace ifrit::filter
