// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/table_export.h"

#include <QAbstractItemModel>
#include <QCoreApplication>
#include <QFileDialog>
#include <QItemSelectionModel>
#include <QMessageBox>
#include <QProgressDialog>

#include "gui/pages/export_job.h"
#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/open_dialogs.h"

namespace ifrit::gui::pages {
namespace {

struct TableExport {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::pages::TableExport)
};

constexpr int kProgressAfterMs = 400;

qint64 selectedCount(const ExportTable& table) {
    qint64 out = 0;
    if (table.selection == nullptr) return out;
    for (const QItemSelectionRange& range : table.selection->selection())
        out += range.height();
    return out;
}

/// Empty: not chosen.
QString pathFor(const QString& name, ExportTarget target, QWidget* parent) {
    const bool csv = target == ExportTarget::CsvFile;
    return QFileDialog::getSaveFileName(
        parent, TableExport::tr("Export %1").arg(name),
        name + (csv ? QStringLiteral(".csv") : QStringLiteral(".jsonl")),
        csv ? TableExport::tr("Comma-separated values (*.csv)")
            : TableExport::tr("JSON lines (*.jsonl)"));
}

/// Over the page, which is as it was when it goes.
void follow(ExportJob* job, const QString& name, QWidget* parent) {
    auto* bar = new QProgressDialog(parent);
    bar->setWindowModality(Qt::WindowModal);
    bar->setWindowTitle(TableExport::tr("Export %1").arg(name));
    bar->setLabelText(TableExport::tr("The rows are read."));
    bar->setMinimumDuration(kProgressAfterMs);
    bar->setAutoClose(false);
    bar->setAutoReset(false);
    bar->setRange(0, 0);
    bar->setValue(0);
    QObject::connect(job, &ExportJob::progress, bar, [bar](qint64 done, qint64 of) {
        bar->setLabelText(of == 0 ? TableExport::tr("%1 rows read").arg(models::grouped(done))
                                  : TableExport::tr("%1 of %2 rows written")
                                        .arg(models::grouped(done), models::grouped(of)));
        bar->setMaximum(static_cast<int>(of));
        bar->setValue(of == 0 ? 0 : static_cast<int>(done));
    });
    QObject::connect(bar, &QProgressDialog::canceled, job, &ExportJob::cancel);
    // However it is closed.
    QObject::connect(bar, &QDialog::rejected, job, &ExportJob::cancel);
    QObject::connect(job, &ExportJob::finished, bar, [bar] {
        bar->hide();
        bar->deleteLater();
    });
    // Whose rows are of the cluster that the window leaves fails by itself, and says so.
    widgets::OpenDialogs::keep(*bar);
}

/// Not beyond a dialog: what the page behind it says is not read.
Page* pageOf(QWidget* widget) {
    for (; widget != nullptr; widget = widget->parentWidget()) {
        if (auto* page = qobject_cast<Page*>(widget)) return page;
        if (widget->isWindow()) break;
    }
    return nullptr;
}

void tell(const QString& sentence, bool written, QWidget* parent) {
    if (sentence.isEmpty()) return;
    Page* page = pageOf(parent);
    if (written && page != nullptr) {
        Q_EMIT page->told(sentence);
    } else {
        QMessageBox::information(parent, TableExport::tr("Export"), sentence);
    }
}

}  // namespace

void exportTable(const ExportTable& table, QWidget* parent) {
    ExportDialog dialog(
        table.name,
        {selectedCount(table), table.model->rowCount(), bool(table.shown), bool(table.all)},
        parent);
    if (dialog.exec() != QDialog::Accepted) return;
    QString path;
    if (dialog.target() != ExportTarget::Clipboard) {
        path = pathFor(table.name, dialog.target(), parent);
        if (path.isEmpty()) return;
    }
    auto* job = new ExportJob(table, dialog.scope(), dialog.target(), parent);
    follow(job, table.name, parent);
    // From the event loop: a message that stays open must not hold up a line that is closing.
    QObject::connect(
        job, &ExportJob::finished, parent,
        [parent](const QString& sentence, bool written) { tell(sentence, written, parent); },
        Qt::QueuedConnection);
    job->start(path);
}

void exportTable(const QAbstractItemModel& model, const QString& name, QWidget* parent) {
    exportTable({&model, nullptr, name, {}, {}}, parent);
}

void exportTable(const widgets::DataTable& table, QWidget* elsewhere) {
    if (Page* page = pageOf(table.parentWidget())) return exportTable(page->exportOf(table), page);
    const QString name = table.accessibleName();
    exportTable({table.model(),
                 table.selectionModel(),
                 name.isEmpty() ? elsewhere->windowTitle() : name,
                 {},
                 {}},
                elsewhere);
}

}  // namespace ifrit::gui::pages
