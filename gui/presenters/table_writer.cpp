// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/table_writer.h"

#include <QBuffer>
#include <QElapsedTimer>
#include <QFileDevice>

#include <QJsonDocument>
#include <QJsonObject>

#include "gui/models/table_role.h"

namespace ifrit::gui::presenters {
namespace {

/// Well under the time after which a window is felt to stand still.
constexpr int kSliceMs = 15;
constexpr int kRowsBetweenLooks = 16;
constexpr int kMostRestarts = 8;

/// A cell that a spreadsheet would take for a formula is made plain text; a number is none.
QString plain(const QVariant& cell) {
    QString text = cell.toString();
    const bool isText = cell.userType() == QMetaType::QString;
    if (isText && !text.isEmpty() && QStringLiteral("=+-@\t\r").contains(text[0])) {
        text.prepend(QLatin1Char('\''));
    }
    return text;
}

QString quoted(QString text) {
    if (!text.contains(QLatin1Char('"')) && !text.contains(QLatin1Char(',')) &&
        !text.contains(QLatin1Char('\n')) && !text.contains(QLatin1Char('\r'))) {
        return text;
    }
    return QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) +
           QLatin1Char('"');
}

QString keyOf(const QAbstractItemModel& model, int column) {
    return model.headerData(column, Qt::Horizontal, models::ExportKeyRole).toString();
}

QByteArray csvLine(int columns, const std::function<QString(int)>& cell) {
    QString out;
    for (int column = 0; column < columns; ++column) {
        if (column > 0) out += QLatin1Char(',');
        out += quoted(cell(column));
    }
    return (out + QStringLiteral("\r\n")).toUtf8();
}

/// Both that a table is written to can be shortened; QIODevice knows no such thing.
void empty(QIODevice& device) {
    device.seek(0);
    if (auto* file = qobject_cast<QFileDevice*>(&device)) file->resize(0);
    if (auto* buffer = qobject_cast<QBuffer*>(&device)) buffer->buffer().clear();
}

}  // namespace

QByteArray headLine(const QAbstractItemModel& model, TableFormat format) {
    if (format == TableFormat::JsonLines) return {};
    return csvLine(model.columnCount(), [&model](int column) { return keyOf(model, column); });
}

QByteArray rowLine(const QAbstractItemModel& model, int row, TableFormat format) {
    const auto cell = [&model, row](int column) {
        return model.index(row, column).data(models::ExportRole);
    };
    if (format == TableFormat::Csv) {
        return csvLine(model.columnCount(), [&cell](int column) { return plain(cell(column)); });
    }
    QJsonObject object;
    for (int column = 0; column < model.columnCount(); ++column)
        object[keyOf(model, column)] = QJsonValue::fromVariant(cell(column));
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

TableWriter::TableWriter(const QAbstractItemModel& model, TableFormat format, QIODevice& to,
                         Rows rows, QObject* parent)
    : QObject(parent), m_model(model), m_format(format), m_to(to), m_rowsOf(std::move(rows)) {
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &TableWriter::work);
    const auto stale = [this] { m_stale = true; };
    connect(&model, &QAbstractItemModel::modelReset, this, stale);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, stale);
    connect(&model, &QAbstractItemModel::rowsMoved, this, stale);
    connect(&model, &QAbstractItemModel::layoutChanged, this, stale);
    connect(&model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int first) {
        // What is appended is still to come.
        if (m_rowsOf || first < m_next) m_stale = true;
    });
}

void TableWriter::start() {
    m_timer.start();
    begin();
}

void TableWriter::begin() {
    m_stale = false;
    m_next = 0;
    if (m_rowsOf) m_rows = m_rowsOf();
    empty(m_to);
    if (!put(headLine(m_model, m_format))) end(m_to.errorString());
}

int TableWriter::total() const {
    return m_rowsOf ? static_cast<int>(m_rows.size()) : m_model.rowCount();
}

bool TableWriter::put(const QByteArray& text) {
    return text.isEmpty() || m_to.write(text) == text.size();
}

void TableWriter::work() {
    if (m_stale) {
        if (++m_restarts > kMostRestarts) {
            end(tr("The table kept changing while it was written."));
            return;
        }
        begin();
        return;
    }
    QElapsedTimer slice;
    slice.start();
    QByteArray text;
    const int all = total();
    while (m_next < all && (m_next % kRowsBetweenLooks != 0 || slice.elapsed() < kSliceMs)) {
        const int row = m_rowsOf ? m_rows[static_cast<std::size_t>(m_next)] : m_next;
        text += rowLine(m_model, row, m_format);
        ++m_next;
    }
    if (!put(text)) {
        end(m_to.errorString());
        return;
    }
    Q_EMIT progress(m_next, all);
    if (m_next >= all) end({});
}

void TableWriter::end(const QString& problem) {
    m_timer.stop();
    Q_EMIT finished(m_next, problem);
}

}  // namespace ifrit::gui::presenters
