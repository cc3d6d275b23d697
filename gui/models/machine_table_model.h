// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include <cstdint>
#include <vector>

#include "gui/models/fleet_store.h"
#include "gui/models/row_order.h"
#include "gui/models/text_format.h"
#include "gui/models/worker.h"

namespace ifrit::gui::models {

/// The machines that pass a filter, in an order: row numbers over a FleetStore. What changes
/// changes cells and never the order of rows; orderOutOfDate() says that the order is old, and
/// resort() makes it new. Small fleets are ordered at once, large ones by the worker, swapped in
/// with one reset. GUI thread.
class MachineTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    /// All three must outlive the model.
    MachineTableModel(const FleetStore& store, const TimeText& times, Worker& worker,
                      QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    void setFilter(const filter::MachineFilter& machineFilter);
    /// Orders anew with the data of now.
    void resort();
    bool orderOutOfDate() const { return m_outOfDate; }
    bool ordering() const { return m_ordering; }
    RowOrder order() const { return m_order; }

    /// To be called before the store gives its rows other numbers: shows none until storeChanged().
    void forgetRows();
    /// To be called after each change of the store.
    void storeChanged(const FleetChange& change);
    /// Ages and zones are shown: repaints the visible ones.
    void timesChanged();

    /// Is this row of the store among those shown?
    bool shows(std::uint32_t storeRow) const { return placeOf(storeRow) != kHidden; }
    /// Row of the store, for a row of the table.
    std::uint32_t storeRow(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    QString uuidAt(int row) const;
    int rowOfUuid(const QString& uuid) const;  ///< -1: not shown

Q_SIGNALS:
    void orderChanged();  ///< orderOutOfDate() or ordering()

private:
    /// The rows that are shown, in order, and for each row of the store its place among them.
    struct Ordered {
        std::vector<std::uint32_t> rows;
        std::vector<std::uint32_t> places;
    };
    /// Any thread: both are made there for a large fleet.
    static Ordered orderOf(const FleetColumns& columns, const filter::MachineFilter& machineFilter,
                           const RowOrder& order, base::WallTime now);
    static std::vector<std::uint32_t> placesOf(const std::vector<std::uint32_t>& rows,
                                               std::uint32_t count);
    static constexpr std::uint32_t kHidden = ~0U;
    void startOrdering();
    void takeOrder(Ordered ordered, std::uint64_t request);
    void noteMeanwhile(const FleetChange& change);
    void indexRows() const;
    std::uint32_t placeOf(std::uint32_t row) const;  ///< of a row of the store
    void setOutOfDate(bool outOfDate);
    /// May the order be another one after these rows of the store have changed?
    bool mayMove(const std::vector<std::uint32_t>& rows) const;
    bool standsInOrder(std::uint32_t place) const;
    void appendNew(const std::vector<std::uint32_t>& rows);
    void removeGone(const std::vector<std::uint32_t>& rows);
    QString text(std::uint32_t row, MachineColumn column) const;
    QVariant value(std::uint32_t row, MachineColumn column) const;  ///< see ExportRole
    QString agentsText(std::uint32_t row) const;

    const FleetStore& m_store;
    const TimeText& m_times;
    Worker& m_worker;
    filter::MachineFilter m_filter;
    RowOrder m_order;
    std::vector<std::uint32_t> m_rows;
    mutable std::vector<std::uint32_t> m_placeOf;  ///< by row of the store; see placeOf()
    mutable bool m_placesAreOld = false;           ///< while rows are being removed
    std::uint64_t m_request = 0;                   ///< stale orders are dropped
    bool m_outOfDate = false;
    bool m_ordering = false;
    // While an order was being made:
    bool m_structureChanged = false;  ///< rows came or went
    bool m_addedMeanwhile = false;
    std::vector<std::uint32_t> m_changedMeanwhile;  ///< rows of the store
};

}  // namespace ifrit::gui::models
