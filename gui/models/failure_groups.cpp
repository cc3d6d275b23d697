// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/failure_groups.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "gui/models/error_shape.h"
#include "gui/models/fleet_store.h"
#include "gui/models/own_words.h"
#include "gui/models/record_columns.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::models {
namespace {

using Group = Columns<FailureGroup>;
using Kind = MachineTrait::Kind;

/// The fleet says it, the release does not.
bool isOfFleet(const MachineTrait& trait) {
    return trait.kind == Kind::Type || trait.kind == Kind::Pin || trait.kind == Kind::Label;
}

/// Of "rack=7,zone=b" each.
void addLabels(std::string_view labels, std::vector<MachineTrait>& out) {
    while (!labels.empty()) {
        const std::size_t comma = std::min(labels.find(','), labels.size());
        if (comma > 0) out.push_back({Kind::Label, std::string(labels.substr(0, comma))});
        labels.remove_prefix(std::min(comma + 1, labels.size()));
    }
}

bool hasLabel(std::string_view labels, std::string_view label) {
    for (std::size_t at = labels.find(label); at != labels.npos; at = labels.find(label, at + 1)) {
        const std::size_t end = at + label.size();
        if ((at == 0 || labels[at - 1] == ',') && (end == labels.size() || labels[end] == ','))
            return true;
    }
    return false;
}

/// What `group` shared, and this machine has. O(traits of both).
void share(FailureGroup& group, const std::vector<MachineTrait>& traits, bool isKnown) {
    auto& shared = group.shared;
    shared.erase(std::remove_if(shared.begin(), shared.end(),
                                [&](const MachineTrait& trait) {
                                    return (isKnown || !isOfFleet(trait)) &&
                                           !std::binary_search(traits.begin(), traits.end(), trait);
                                }),
                 shared.end());
    for (const MachineTrait& trait : traits) {
        if (isOfFleet(trait) ? isKnown && !group.isKnown : group.machines == 0)
            shared.push_back(trait);
    }
    std::sort(shared.begin(), shared.end());
    group.isKnown = group.isKnown || isKnown;
}

}  // namespace

std::vector<MachineTrait> traitsOf(const services::ReleaseMachine& machine,
                                   const FleetStore* store) {
    std::vector<MachineTrait> out;
    if (!machine.fromVersion.empty()) out.push_back({Kind::From, machine.fromVersion});
    if (machine.stage == domain::StageKind::Batch)
        out.push_back({Kind::Batch, std::to_string(machine.batch)});
    const auto row = store == nullptr ? std::nullopt : store->rowOf(machine.uuid);
    if (row) {
        const FleetColumns& columns = store->columns();
        const auto add = [&](Kind kind, StringId id) {
            if (id != 0) out.push_back({kind, std::string(columns.text(id))});
        };
        add(Kind::Type, columns.machineType[*row]);
        add(Kind::Pin, columns.pin[*row]);
        addLabels(columns.text(columns.labels[*row]), out);
    }
    std::sort(out.begin(), out.end());
    return out;
}

bool isOfAll(const MachineTrait& trait, const services::ReleaseInfo& info) {
    if (trait.kind == Kind::Type) return info.release.spec.machineTypes.size() == 1;
    if (trait.kind == Kind::Batch) return info.stages.size() == 1;
    if (trait.kind != Kind::From) return false;
    std::set<std::string> before;
    for (const auto& [type, version] : info.release.previousVersions)
        before.insert(version);
    return before.size() == 1 && *before.begin() == trait.value;
}

bool everyRowHas(const FleetStore& store, const std::vector<std::string>& types,
                 const MachineTrait& trait) {
    if (!isOfFleet(trait)) return false;
    const FleetColumns& columns = store.columns();
    // Many rows have few words: each is compared once.
    enum : std::uint8_t { Unknown, No, Yes };
    const auto remembered = [&columns](auto test) {
        return [&columns, test,
                known = std::vector<std::uint8_t>(columns.strings.size())](StringId id) mutable {
            if (known[id] == Unknown) known[id] = test(columns.text(id)) ? Yes : No;
            return known[id] == Yes;
        };
    };
    auto isTargeted = remembered([&types](std::string_view type) {
        return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
    });
    auto has = remembered([&trait](std::string_view text) {
        return trait.kind == Kind::Label ? hasLabel(text, trait.value) : text == trait.value;
    });
    const auto& words = trait.kind == Kind::Type  ? columns.machineType
                        : trait.kind == Kind::Pin ? columns.pin
                                                  : columns.labels;
    bool any = false;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0 || !isTargeted(columns.machineType[row])) continue;
        if (!has(words[row])) return false;
        any = true;
    }
    return any;
}

bool choseGray(const domain::ReleaseSpec& spec, const MachineTrait& trait) {
    if (trait.kind == Kind::Pin) return trait.value == spec.gray.pin;
    return trait.kind == Kind::Label &&
           std::any_of(spec.gray.labels.begin(), spec.gray.labels.end(), [&](const auto& label) {
               return trait.value == label.first + '=' + label.second;
           });
}

void FailureGroups::add(const services::ReleaseMachine& machine,
                        const std::vector<MachineTrait>& traits, bool isKnown) {
    if (machine.outcome != domain::Outcome::Failed &&
        machine.outcome != domain::Outcome::Reverted &&
        machine.outcome != domain::Outcome::Silent) {
        return;
    }
    FailureGroup& group =
        m_groups[{machine.outcome, machine.reason, shapeOfError(machine.message, machine.uuid)}];
    share(group, traits, isKnown);
    group.isGray = group.isGray && machine.stage == domain::StageKind::Gray;
    const base::WallTime since = machine.since.value_or(base::WallTime{});
    if (group.machines++ > 0 && since >= group.first) return;
    group.outcome = machine.outcome;
    group.reason = toText(machine.reason);
    group.message = toText(machine.message);
    group.example = toText(machine.uuid);
    group.first = since;
}

std::vector<FailureGroup> FailureGroups::sorted() const {
    std::vector<FailureGroup> out;
    for (const auto& [key, group] : m_groups)
        out.push_back(group);
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.machines > b.machines; });
    return out;
}

// One machine shares everything with itself, which says nothing.
QString FailureModel::sharedText(const FailureGroup& group) {
    QStringList parts;
    for (const MachineTrait& trait : group.shared) {
        const QString value = toText(trait.value);
        switch (trait.kind) {
            case Kind::Type:
                parts << value;
                break;
            case Kind::From:
                parts << tr("from %1", "a version").arg(value);
                break;
            case Kind::Batch:
                parts << tr("batch %1").arg(value);
                break;
            case Kind::Pin:
                parts << tr("pin %1").arg(value);
                break;
            case Kind::Label:
                parts << tr("label %1").arg(value);
                break;
        }
    }
    return group.machines < 2 || parts.isEmpty() ? QStringLiteral("–") : inARow(parts);
}

FailureModel::FailureModel(const TimeText& times, QObject* parent)
    : RecordTableModel(
          {Group::state(
               {"outcome", [] { return tr("Outcome"); }},
               [](const auto& g) { return StatusWords::of(g.outcome); },
               [](const auto& g) { return toText(domain::nameOf(g.outcome)); }),
           Group::text({"reason", [] { return tr("Reason"); }},
                       [](const auto& g) {
                           return g.reason.isEmpty() ? tr("no reason reported") : g.reason;
                       }),
           Group::count({"machines", [] { return tr("Machines"); }},
                        [](const auto& g) { return g.machines; }),
           Group::text({"shared", [] { return tr("What they share"); }}, sharedText),
           Group::time(
               {"first", [] { return tr("First"); }}, times, [](const auto& g) { return g.first; },
               CellStyle::Plain),
           Group::text(
               {"example", [] { return tr("Example"); }}, [](const auto& g) { return g.example; },
               CellStyle::Monospace),
           Group::text(
               {"what_it_said", [] { return tr("What it said"); }},
               [](const auto& g) { return OwnWords::ofFailure(g.message); }, CellStyle::Muted)},
          [](const auto& g) {
              return toText(domain::nameOf(g.outcome)) + g.reason + QLatin1Char('/') +
                     toText(shapeOfError(g.message.toStdString(), g.example.toStdString()));
          },
          parent) {
    repaintWithZone(times, this);
}

}  // namespace ifrit::gui::models
