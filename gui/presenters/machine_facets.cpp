// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/machine_facets.h"

#include <algorithm>
#include <utility>

#include "gui/models/filter_choices.h"
#include "gui/presenters/machine_buckets.h"
#include "gui/presenters/map_coloring.h"

namespace ifrit::gui::presenters {
namespace {

using domain::MachineState;
using models::FleetColumns;
using models::grouped;
using models::StringId;
using models::toText;

/// Nothing yet, for each id up to the last that the column has: of millions of texts few are types.
void clearFor(std::vector<std::uint32_t>& numbers, const std::vector<StringId>& column) {
    StringId last = 0;
    for (const StringId id : column)
        last = std::max(last, id);
    numbers.assign(std::size_t{last} + 1, 0);
}

/// The ids that most machines have.
struct Most {
    std::vector<std::pair<qint64, std::uint32_t>> ids;  ///< less machines come behind: (-machines)
    qint64 further = 0;
};

/// One walk and no copy: there can be as many ids as machines.
Most mostOf(const std::vector<std::uint32_t>& machines) {
    Most out;
    for (std::uint32_t id = 0; id < machines.size(); ++id) {
        if (machines[id] == 0) continue;
        const std::pair<qint64, std::uint32_t> one(-qint64{machines[id]}, id);
        const bool full = out.ids.size() == MachineFacets::kOfAKind;
        if (full) ++out.further;
        if (full && out.ids.back() < one) continue;
        if (full) out.ids.pop_back();
        out.ids.insert(std::upper_bound(out.ids.begin(), out.ids.end(), one), one);
    }
    return out;
}

/// The grammar takes it apart at the first '=', too.
bool labelCanBeWritten(std::string_view label) {
    const std::size_t equals = std::min(label.find('='), label.size());
    return models::canBeWritten(label.substr(0, equals)) &&
           models::canBeWritten(label.substr(std::min(equals + 1, label.size())));
}

}  // namespace

/// Many machines share a text, which was taken apart when it came.
void MachineFacets::countLabels(const models::FleetVocabulary& words) {
    m_labels.assign(words.labels(), 0);
    for (StringId text = 1; text < m_labelTexts.size(); ++text) {
        if (m_labelTexts[text] == 0) continue;
        for (const auto label : words.labelsIn(text))
            m_labels[label] += m_labelTexts[text];
    }
}

std::vector<MachineFacets::Facet> MachineFacets::of(const models::FleetStore& store,
                                                    const models::MachineTableModel& shown,
                                                    const QString& filterText) {
    const FleetColumns& columns = store.columns();
    clearFor(m_types, columns.machineType);
    clearFor(m_pins, columns.pin);
    clearFor(m_labelTexts, columns.labels);
    BucketCounts buckets;
    qint64 degraded = 0;  // of those that are counted as watching
    // As the store lies in memory: in the order shown a million rows take ten times as long.
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (!shown.shows(row)) continue;
        buckets.add(bucketOf(columns.state[row]));
        if (columns.state[row] == MachineState::Degraded) ++degraded;
        ++m_types[columns.machineType[row]];
        ++m_pins[columns.pin[row]];
        ++m_labelTexts[columns.labels[row]];
    }
    std::vector<Facet> out;
    const auto state = [&](const QString& name, const QString& term, qint64 machines) {
        if (machines > 0 || filterText.contains(term)) out.push_back({name, term, machines});
    };
    const auto bucket = [&](MachineBucket one) {
        state(MapColoring::lookOf(one).word, MapColoring::filterOf(one), buckets.of(one));
    };
    bucket(MachineBucket::Failed);
    bucket(MachineBucket::Silent);
    state(models::StatusWords::of(MachineState::Degraded).word, QStringLiteral("state:degraded"),
          degraded);
    bucket(MachineBucket::Watching);
    bucket(MachineBucket::InFlight);
    // Nothing is no type and no pin.
    m_types[0] = m_pins[0] = 0;
    const auto text = [&columns](std::uint32_t id) { return columns.text(id); };
    addMost(out, {QStringLiteral("type:")}, m_types, text);
    addMost(out, {QStringLiteral("pin:")}, m_pins, text);
    const models::FleetVocabulary& words = store.vocabulary();
    countLabels(words);
    auto& notKept = m_labels[models::FleetVocabulary::kNotKept];
    const bool all = std::exchange(notKept, 0) == 0;
    addMost(out, {QStringLiteral("label:"), true, all}, m_labels,
            [&words](std::uint32_t id) { return words.labelText(id); });
    return out;
}

void MachineFacets::addMost(std::vector<Facet>& out, const FacetKey& key, const Numbers& machines,
                            const std::function<std::string_view(std::uint32_t)>& textOf) {
    const Most most = mostOf(machines);
    // By text: where two have nearly as many machines, they would change places under the mouse.
    std::vector<std::pair<std::string_view, qint64>> chosen;
    for (const auto& [minus, id] : most.ids)
        chosen.emplace_back(textOf(id), -minus);
    std::sort(chosen.begin(), chosen.end());
    for (const auto& [value, number] : chosen) {
        const QString term = key.text + toText(value);
        // "zone=b" says by itself that it is a label.
        Facet facet{key.isLabel ? toText(value) : term, term, number};
        if (key.isLabel ? !labelCanBeWritten(value) : !models::canBeWritten(value)) {
            facet.term.clear();
            facet.hint =
                tr("This cannot be written in a filter, which has no quotes: a space, a comma or "
                   "a / in front means something else there.");
        }
        out.push_back(std::move(facet));
    }
    if (most.further > 0 || !key.allCounted) out.push_back(furtherOf(key, most.further));
}

MachineFacets::Facet MachineFacets::furtherOf(const FacetKey& key, qint64 further) {
    if (key.allCounted)
        return {tr("%1 and %2 more").arg(key.text, grouped(further)),
                {},
                further,
                tr("Write %1 in the filter: it offers all of them.").arg(key.text),
                true};
    return {further > 0 ? tr("%1 and more than %2 more").arg(key.text, grouped(further))
                        : tr("%1 and others").arg(key.text),
            {},
            further,
            tr("There are so many that not all of them are counted. Write %1 in the filter: it "
               "offers those that are.")
                .arg(key.text),
            true};
}

}  // namespace ifrit::gui::presenters
