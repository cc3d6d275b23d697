// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <memory>
#include <vector>

#include "gui/pages/export_dialog.h"
#include "gui/pages/table_export.h"
#include "gui/presenters/table_writer.h"

class QBuffer;
class QIODevice;
class QSaveFile;

namespace ifrit::gui::pages {

/// One export, from the answer of the dialog to the sentence about it; destroys itself after
/// finished(). Nothing is left where it is cancelled or fails. GUI thread.
class ExportJob : public QObject {
    Q_OBJECT
public:
    ExportJob(const ExportTable& table, ExportScope scope, ExportTarget target, QObject* parent);
    ~ExportJob() override;
    /// `path`: of the file; not read for the clipboard.
    void start(const QString& path);
    void cancel();
    /// What it reads is of a cluster that the window leaves: the rows of the next one would follow
    /// in the same file.
    void closeLine();

Q_SIGNALS:
    /// `of` is 0 while it is not known.
    void progress(qint64 done, qint64 of);
    /// Last; empty where it was cancelled.
    void finished(const QString& sentence, bool written);

private:
    void write(const QAbstractItemModel& model);
    void close(qint64 rows, const QString& problem);
    void fail(const QString& problem);
    std::vector<int> selectedRows() const;

    ExportTable m_table;
    ExportScope m_scope;
    ExportTarget m_target;
    QString m_path;
    std::unique_ptr<presenters::RowSource> m_source;
    std::unique_ptr<QSaveFile> m_file;
    std::unique_ptr<QBuffer> m_buffer;
    std::unique_ptr<presenters::TableWriter> m_writer;  ///< first to go: it holds the others
    bool m_ended = false;
};

}  // namespace ifrit::gui::pages
