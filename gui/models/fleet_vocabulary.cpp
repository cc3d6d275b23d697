// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/fleet_vocabulary.h"

#include <algorithm>

namespace ifrit::gui::models {
namespace {

constexpr unsigned kLabelsBit = 5;
/// A machine has a handful of labels.
constexpr std::size_t kMostLabels = 1'000;

}  // namespace

bool FleetVocabulary::isNew(StringId id, unsigned bit) {
    if (id >= m_seen.size()) m_seen.resize(id + 1, 0);
    const auto mask = static_cast<std::uint8_t>(1U << bit);
    const bool out = (m_seen[id] & mask) == 0;
    m_seen[id] = static_cast<std::uint8_t>(m_seen[id] | mask);
    return out;
}

void FleetVocabulary::note(Column column, const TextColumn& strings,
                           const std::vector<StringId>& ids) {
    Texts& texts = m_columns[static_cast<std::size_t>(column)];
    for (const StringId id : ids) {
        if (id == 0 || !isNew(id, static_cast<unsigned>(column))) continue;
        if (texts.texts.size() < kMost) {
            texts.texts.push_back(strings[id]);
        } else {
            texts.isFull = true;
        }
    }
}

void FleetVocabulary::noteLabels(StringId id, std::string_view labels) {
    const auto first = static_cast<std::uint32_t>(m_labelIds.size());
    while (!labels.empty()) {
        const std::size_t comma = std::min(labels.find(','), labels.size());
        noteLabel(labels.substr(0, comma));
        labels.remove_prefix(std::min(comma + 1, labels.size()));
    }
    if (id >= m_labelsOf.size()) m_labelsOf.resize(id + 1);
    m_labelsOf[id] = {first, static_cast<std::uint32_t>(m_labelIds.size()) - first};
}

void FleetVocabulary::noteLabel(std::string_view label) {
    const std::size_t equals = label.find('=');
    if (equals == std::string_view::npos || equals == 0) return;
    const std::string_view key = label.substr(0, equals);
    auto at = std::lower_bound(m_labels.begin(), m_labels.end(), key,
                               [](const Label& one, std::string_view k) { return one.key < k; });
    if (at == m_labels.end() || at->key != key) {
        if (m_labels.size() == kMostLabels) {
            m_labelsFull = true;
            m_labelIds.push_back(kNotKept);
            return;
        }
        at = m_labels.insert(at, {key, {}, false});
    }
    const std::string_view value = label.substr(equals + 1);
    if (value.empty()) return;
    auto found = at->values.find(value);
    if (found == at->values.end()) {
        at->isFull = at->values.size() == kMost;
        if (at->isFull) {
            m_labelIds.push_back(kNotKept);
            return;
        }
        found = at->values.emplace(value, static_cast<LabelId>(m_labelTexts.size())).first;
        m_labelTexts.push_back(label);
    }
    m_labelIds.push_back(found->second);
}

std::span<const FleetVocabulary::LabelId> FleetVocabulary::labelsIn(StringId text) const {
    if (text >= m_labelsOf.size()) return {};
    const auto& [first, count] = m_labelsOf[text];
    return {m_labelIds.data() + first, count};
}

void FleetVocabulary::take(const TextColumn& strings, const services::MachineColumns& rows) {
    note(Column::Type, strings, rows.machineType);
    note(Column::Pin, strings, rows.pin);
    note(Column::IfritVersion, strings, rows.ifritVersion);
    note(Column::Agent, strings, rows.agents.agent);
    note(Column::Version, strings, rows.agents.runningVersion);
    for (const StringId id : rows.labels) {
        if (id != 0 && isNew(id, kLabelsBit)) noteLabels(id, strings[id]);
    }
}

FleetVocabulary::Texts FleetVocabulary::labelKeys() const {
    Texts out;
    for (const Label& label : m_labels)
        out.texts.push_back(label.key);
    out.isFull = m_labelsFull;
    return out;
}

FleetVocabulary::Texts FleetVocabulary::labelValues(std::string_view key) const {
    const auto found = std::find_if(m_labels.begin(), m_labels.end(),
                                    [&](const Label& label) { return label.key == key; });
    if (found == m_labels.end()) return {};
    Texts out;
    for (const auto& [value, id] : found->values)
        out.texts.push_back(value);
    out.isFull = found->isFull;
    return out;
}

}  // namespace ifrit::gui::models
