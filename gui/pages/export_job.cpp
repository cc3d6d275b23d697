// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/export_job.h"

#include <QBuffer>
#include <QClipboard>
#include <QGuiApplication>
#include <QItemSelectionModel>
#include <QSaveFile>

#include <algorithm>

#include "gui/models/text_format.h"

namespace ifrit::gui::pages {

using models::grouped;
using presenters::TableFormat;
using presenters::TableWriter;

ExportJob::ExportJob(const ExportTable& table, ExportScope scope, ExportTarget target,
                     QObject* parent)
    : QObject(parent), m_table(table), m_scope(scope), m_target(target) {}

ExportJob::~ExportJob() = default;

void ExportJob::start(const QString& path) {
    m_path = path;
    if (m_scope == ExportScope::All && m_table.all) m_source = m_table.all();
    if (m_scope == ExportScope::Shown && m_table.shown) m_source = m_table.shown();
    if (!m_source) {
        write(*m_table.model);
        return;
    }
    m_source->read([this](qint64 rows) { Q_EMIT progress(rows, 0); },
                   [this](const QString& problem) {
                       if (problem.isEmpty()) {
                           write(m_source->model());
                       } else {
                           fail(problem);
                       }
                   });
}

void ExportJob::write(const QAbstractItemModel& model) {
    // The rows came after all, and nobody waits for them.
    if (m_ended) return;
    QIODevice* to = nullptr;
    if (m_target == ExportTarget::Clipboard) {
        m_buffer = std::make_unique<QBuffer>();
        to = m_buffer.get();
    } else {
        m_file = std::make_unique<QSaveFile>(m_path);
        to = m_file.get();
    }
    if (!to->open(QIODevice::WriteOnly)) {
        fail(to->errorString());
        return;
    }
    const TableFormat format =
        m_target == ExportTarget::JsonLinesFile ? TableFormat::JsonLines : TableFormat::Csv;
    TableWriter::Rows rows;
    if (m_scope == ExportScope::Selected) rows = [this] { return selectedRows(); };
    m_writer = std::make_unique<TableWriter>(model, format, *to, rows);
    connect(m_writer.get(), &TableWriter::progress, this, &ExportJob::progress);
    connect(m_writer.get(), &TableWriter::finished, this, &ExportJob::close);
    m_writer->start();
}

/// In the order of the table. By ranges: a million selected rows are one.
std::vector<int> ExportJob::selectedRows() const {
    std::vector<int> out;
    for (const QItemSelectionRange& range : m_table.selection->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            out.push_back(row);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

void ExportJob::close(qint64 rows, const QString& problem) {
    if (!problem.isEmpty()) {
        fail(problem);
        return;
    }
    if (m_file && !m_file->commit()) {
        fail(m_file->errorString());
        return;
    }
    if (m_buffer) QGuiApplication::clipboard()->setText(QString::fromUtf8(m_buffer->data()));
    QString sentence =
        m_buffer
            ? tr("%1 row(s) are on the clipboard.", "", models::pluralOf(rows)).arg(grouped(rows))
            : tr("%1 row(s) were written to %2.", "", models::pluralOf(rows))
                  .arg(grouped(rows), m_path);
    if (m_scope == ExportScope::Selected) {
        sentence += QLatin1Char(' ') + tr("They are the selected ones of %1 that are shown.")
                                           .arg(grouped(m_table.model->rowCount()));
    }
    m_ended = true;
    Q_EMIT finished(sentence, true);
    deleteLater();
}

void ExportJob::fail(const QString& problem) {
    if (m_ended) return;
    m_ended = true;
    // Whoever is told may keep the event loop for as long as a message is read.
    if (m_writer) m_writer->stop();
    Q_EMIT finished(tr("Nothing was exported: %1").arg(problem), false);
    deleteLater();
}

void ExportJob::closeLine() {
    fail(presenters::RowSource::closedText());
}

void ExportJob::cancel() {
    if (m_ended) return;
    m_ended = true;
    m_writer.reset();
    m_source.reset();
    m_file.reset();
    Q_EMIT finished({}, false);
    deleteLater();
}

}  // namespace ifrit::gui::pages
