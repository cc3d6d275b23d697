// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/models/fleet_columns.h"
#include "gui/models/fleet_vocabulary.h"
#include "gui/models/uuid_index.h"
#include "gui/services/fleet.h"

namespace ifrit::gui::models {

/// What one update did to the rows.
struct FleetChange {
    bool reset = false;  ///< all row numbers are new
    std::vector<std::uint32_t> changed;
    std::vector<std::uint32_t> added;
    std::vector<std::uint32_t> removed;
    bool any() const { return reset || !changed.empty() || !added.empty() || !removed.empty(); }
};

/// The one copy of the fleet in the desktop; tables and maps are light views over it. GUI thread.
class FleetStore {
public:
    FleetStore();

    /// Applies one step of the machine stream. A new snapshot is gathered aside and takes the old
    /// one's place when it is whole, so that nothing flickers. O(rows of the update).
    FleetChange apply(const services::MachinesUpdate& update);
    /// True where apply(update) will give every row another number: what shows rows must let go of
    /// them before, while the old ones can still be read.
    bool replacesRows(const services::MachinesUpdate& update) const {
        return update.snapshotEnds && (update.snapshotBegins || m_gathering != nullptr);
    }
    /// Forgets everything, for another connection.
    FleetChange clear();

    const FleetColumns& columns() const { return *m_columns; }
    /// The columns of now, unchanged for as long as they are held: what sorts and filters on
    /// another thread. To be let go on the GUI thread.
    std::shared_ptr<const FleetColumns> snapshot() const { return m_columns; }
    /// A snapshot is held: apply() would copy the whole fleet to keep it unchanged. Not while a new
    /// one is gathered, which is written aside.
    bool isHeld() const { return !m_gathering && m_columns.use_count() > 1; }

    /// The words of its columns.
    const FleetVocabulary& vocabulary() const { return m_vocabulary; }
    std::optional<std::uint32_t> rowOf(std::string_view uuid) const;
    std::uint32_t size() const { return m_size; }  ///< machines, without holes
    std::uint64_t generation() const { return m_generation; }
    /// A whole snapshot has been taken over once.
    bool loaded() const { return m_loaded; }
    /// Rows gathered and expected, while a snapshot is under way.
    std::uint64_t gathered() const { return m_gathering ? m_gathering->columns->rows() : 0; }
    std::uint64_t expected() const { return m_gathering ? m_gathering->expected : 0; }
    bool gathering() const { return m_gathering != nullptr; }

    /// For tests: columns of one length, indices inside, uuids known. O(rows).
    bool isConsistent() const;

private:
    struct Snapshot {
        std::shared_ptr<FleetColumns> columns;
        UuidIndex rowOf;
        FleetVocabulary vocabulary;
        std::uint64_t expected = 0;
    };
    static constexpr std::uint64_t kMostReserved = 2'000'000;  ///< machines
    static void reserve(Snapshot& snapshot, const services::MachinesUpdate& begin);
    static void upsert(FleetColumns& columns, UuidIndex& rowOf,
                       const services::MachineColumns& from, FleetChange& change);
    static void writeRow(FleetColumns& columns, std::uint32_t row,
                         const services::MachineColumns& from, std::size_t index,
                         std::size_t firstAgent);
    static void remove(FleetColumns& columns, UuidIndex& rowOf,
                       const std::vector<std::string>& uuids, FleetChange& change);
    FleetColumns& writable();

    std::shared_ptr<FleetColumns> m_columns;
    UuidIndex m_rowOf;
    FleetVocabulary m_vocabulary;
    std::unique_ptr<Snapshot> m_gathering;
    std::uint32_t m_size = 0;
    std::uint64_t m_generation = 0;
    bool m_loaded = false;
};

}  // namespace ifrit::gui::models
