// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "gui/models/status_words.h"
#include "gui/models/table_role.h"

namespace ifrit::gui::models {

enum class CellStyle { Plain, Monospace, Muted, MonospaceMuted, Number };

/// What a column is called: for people, and in a file that a program reads.
struct ColumnTitle {
    const char* key = "";  ///< the same in every language and release
    std::function<QString()> text;
};

/// A table over records of type T, for lists of thousands: packages, releases, audit rows... Rows
/// keep the order that they were given in until sort(), and have it again by sort(-1). Setting
/// records that have the same keys in the same order changes cells only; anything else is one reset
/// (see SelectionKeeper). A filter leaves rows out. GUI thread.
template <typename T>
class RecordTableModel : public QAbstractTableModel {
public:
    struct Column {
        ColumnTitle title;
        std::function<QString(const T&)> text;
        CellStyle style = CellStyle::Plain;
        std::function<StatusLook(const T&)> look;      ///< a state column: shape before the word
        std::function<bool(const T&, const T&)> less;  ///< empty: by text
        std::function<QVariant(const T&)> value;       ///< see ExportRole; empty: the text
        std::function<QStringList()> widest;           ///< see WidestRole
    };

    RecordTableModel(std::vector<Column> columns, std::function<QString(const T&)> key,
                     QObject* parent = nullptr)
        : QAbstractTableModel(parent), m_columns(std::move(columns)), m_key(std::move(key)) {}

    void setRecords(std::vector<T> records) {
        if (arranges()) {
            m_given = records;
            arrange(records);
        }
        show(std::move(records));
    }

    /// Only rows that say each word of `text` somewhere, whatever its case: in a column, shown or
    /// left out, or in their key, where that is a word. Empty: all. To be set again when words or
    /// times change their look.
    void setFilter(const QString& text) {
        const QStringList words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
        if (words.isEmpty() && m_words.isEmpty()) return;
        if (!arranges()) m_given = m_records;
        m_words = words;
        std::vector<T> records = m_given;
        arrange(records);
        if (!arranges()) m_given.clear();
        show(std::move(records));
    }

    /// What is shown, in the order of the rows.
    const std::vector<T>& records() const { return m_records; }
    /// What was given, in that order, whatever the filter leaves of it.
    const std::vector<T>& all() const { return arranges() ? m_given : m_records; }
    const T* at(int row) const {
        return row >= 0 && row < rowCount() ? &m_records[static_cast<std::size_t>(row)] : nullptr;
    }
    int rowOfKey(const QString& key) const {
        const auto found = std::find_if(m_records.begin(), m_records.end(),
                                        [&](const T& record) { return m_key(record) == key; });
        return found == m_records.end() ? -1 : static_cast<int>(found - m_records.begin());
    }
    /// Texts depend on something else that changed: time zone, language.
    void touchAll() {
        if (m_records.empty()) return;
        Q_EMIT dataChanged(createIndex(0, 0), createIndex(rowCount() - 1, columnCount() - 1));
    }

    int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(m_records.size());
    }
    int columnCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
    }

    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
        const T& record = m_records[static_cast<std::size_t>(index.row())];
        const Column& column = m_columns[static_cast<std::size_t>(index.column())];
        switch (role) {
            case Qt::DisplayRole:
            case Qt::ToolTipRole:
                return textOf(column, record);
            case Qt::TextAlignmentRole:
                return alignment(column);
            case StatusKindRole:
                return column.look ? QVariant(static_cast<int>(column.look(record).kind))
                                   : QVariant();
            case MonospaceRole:
                return column.style == CellStyle::Monospace ||
                       column.style == CellStyle::MonospaceMuted;
            case MutedRole:
                return column.style == CellStyle::Muted ||
                       column.style == CellStyle::MonospaceMuted;
            case KeyRole:
                return m_key(record);
            case ExportRole:
                return column.value ? column.value(record) : QVariant(textOf(column, record));
            default:
                return {};
        }
    }

    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override {
        if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
        const Column& column = m_columns[static_cast<std::size_t>(section)];
        if (role == Qt::DisplayRole) return column.title.text();
        if (role == ExportKeyRole) return QString::fromLatin1(column.title.key);
        if (role == WidestRole) return column.widest ? QVariant(column.widest()) : QVariant();
        return role == Qt::TextAlignmentRole ? alignment(column) : QVariant();
    }

    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override {
        const bool wasSorted = m_sortColumn >= 0;
        const bool kept = arranges();
        m_sortColumn = column < columnCount() ? column : -1;
        m_descending = order == Qt::DescendingOrder;
        if (m_sortColumn < 0 && !wasSorted) return;
        beginResetModel();
        if (!kept) m_given = m_records;
        if (m_sortColumn >= 0) {
            sortRecords(m_records);
        } else {
            m_records = m_given;
            arrange(m_records);
        }
        if (!arranges()) m_given.clear();
        endResetModel();
    }

protected:
    /// It tells rows apart and is shown nowhere: a filter does not look at it.
    void keepKeyUnsaid() { m_saysKey = false; }

private:
    static QVariant alignment(const Column& column) {
        return column.style == CellStyle::Number ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                 : QVariant();
    }

    static QString textOf(const Column& column, const T& record) {
        return column.look ? column.look(record).word : column.text(record);
    }

    /// The rows are not simply what was given.
    bool arranges() const { return m_sortColumn >= 0 || !m_words.isEmpty(); }

    void arrange(std::vector<T>& records) const {
        const auto unsaid = [this](const T& record) { return !saysAll(record); };
        if (!m_words.isEmpty())
            records.erase(std::remove_if(records.begin(), records.end(), unsaid), records.end());
        if (m_sortColumn >= 0) sortRecords(records);
    }

    bool saysAll(const T& record) const {
        QStringList said;
        if (m_saysKey) said << m_key(record);
        for (const Column& column : m_columns)
            said << textOf(column, record);
        return std::all_of(m_words.begin(), m_words.end(), [&said](const QString& word) {
            return std::any_of(said.begin(), said.end(), [&word](const QString& text) {
                return text.contains(word, Qt::CaseInsensitive);
            });
        });
    }

    void show(std::vector<T> records) {
        const bool same =
            std::equal(records.begin(), records.end(), m_records.begin(), m_records.end(),
                       [this](const T& a, const T& b) { return m_key(a) == m_key(b); });
        if (same) {
            m_records = std::move(records);
            touchAll();
            return;
        }
        beginResetModel();
        m_records = std::move(records);
        endResetModel();
    }

    void sortRecords(std::vector<T>& records) const {
        const Column& column = m_columns[static_cast<std::size_t>(m_sortColumn)];
        std::stable_sort(records.begin(), records.end(), [&](const T& a, const T& b) {
            const T& first = m_descending ? b : a;
            const T& second = m_descending ? a : b;
            if (column.less) return column.less(first, second);
            return QString::localeAwareCompare(textOf(column, first), textOf(column, second)) < 0;
        });
    }

    std::vector<Column> m_columns;
    std::function<QString(const T&)> m_key;
    std::vector<T> m_records;
    std::vector<T> m_given;  ///< all, in the order in which they came; only while arranges()
    QStringList m_words;     ///< of the filter
    int m_sortColumn = -1;
    bool m_descending = false;
    bool m_saysKey = true;
};

}  // namespace ifrit::gui::models
