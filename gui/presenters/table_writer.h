// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModel>
#include <QIODevice>
#include <QObject>
#include <QTimer>

#include <functional>
#include <vector>

namespace ifrit::gui::presenters {

/// Csv: RFC 4180 with a header line. JsonLines: one object a line, numbers as numbers. Both name
/// the columns by ExportKeyRole and take the cells by ExportRole, which are in no language.
enum class TableFormat { Csv, JsonLines };

/// Empty for JSON lines.
QByteArray headLine(const QAbstractItemModel& model, TableFormat format);
QByteArray rowLine(const QAbstractItemModel& model, int row, TableFormat format);

/// Writes rows of a model from the event loop, a few milliseconds at a time: a million rows block
/// nobody, and can be cancelled by destroying the writer. Where rows go or change places meanwhile
/// it begins anew, so that what is written is whole. GUI thread.
class TableWriter : public QObject {
    Q_OBJECT
public:
    /// Rows of the model as they are numbered now; asked again after they changed places.
    using Rows = std::function<std::vector<int>()>;

    /// `to` is open, and can be truncated and written from its beginning. An empty `rows`: all.
    TableWriter(const QAbstractItemModel& model, TableFormat format, QIODevice& to, Rows rows,
                QObject* parent = nullptr);
    void start();
    /// Writes no more, and tells nobody.
    void stop() { m_timer.stop(); }

Q_SIGNALS:
    void progress(qint64 written, qint64 of);
    /// Last. `problem` is empty where every row was written.
    void finished(qint64 rows, const QString& problem);

private:
    void begin();
    void work();
    void end(const QString& problem);
    int total() const;
    bool put(const QByteArray& text);

    const QAbstractItemModel& m_model;
    TableFormat m_format;
    QIODevice& m_to;
    Rows m_rowsOf;
    std::vector<int> m_rows;
    int m_next = 0;
    int m_restarts = 0;
    bool m_stale = false;
    QTimer m_timer;
};

}  // namespace ifrit::gui::presenters
