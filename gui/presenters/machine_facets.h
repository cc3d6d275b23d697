// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "gui/models/fleet_store.h"
#include "gui/models/machine_table_model.h"

namespace ifrit::gui::presenters {

/// Counts the machines that a table shows by what a filter can say of them. Keeps its numbers'
/// memory from one call to the next. GUI thread.
class MachineFacets {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::MachineFacets)
public:
    /// Of types, pins and labels so many are named, each.
    static constexpr std::size_t kOfAKind = 4;
    /// A filter term with the machines that it would leave of those shown.
    struct Facet {
        QString text;
        QString term;  ///< empty: it is none, and the hint says why
        qint64 machines = 0;
        QString hint = {};
        bool isFurther = false;  ///< it stands for others of its kind, and its text counts them
        bool isTerm() const { return !term.isEmpty(); }
    };
    /// `shown` is over `store`. A state that no machine has is told where the filter names it.
    /// O(machines + texts of labels).
    std::vector<Facet> of(const models::FleetStore& store, const models::MachineTableModel& shown,
                          const QString& filterText);

private:
    struct FacetKey {
        QString text;  ///< of the filter: "type:"
        bool isLabel = false;
        bool allCounted = true;
    };
    /// Machines, by id.
    using Numbers = std::vector<std::uint32_t>;
    void countLabels(const models::FleetVocabulary& words);
    /// The commonest of a kind, by text, and how many further ones there are.
    static void addMost(std::vector<Facet>& out, const FacetKey& key, const Numbers& machines,
                        const std::function<std::string_view(std::uint32_t)>& textOf);

    static Facet furtherOf(const FacetKey& key, qint64 further);

    // By interned text: a million look-ups in a tree would stop the window.
    Numbers m_types;
    Numbers m_pins;
    Numbers m_labelTexts;  ///< all labels of a machine
    Numbers m_labels;      ///< by FleetVocabulary::LabelId
};

}  // namespace ifrit::gui::presenters
