// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/table_export.h"

#include <QAbstractItemModel>
#include <QCoreApplication>
#include <QFileDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMessageBox>
#include <QSaveFile>

namespace ifrit::gui::pages {
namespace {

struct TableExport {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::pages::TableExport)
};

QString quoted(QString text) {
    // A cell that a spreadsheet would take for a formula is made plain text.
    if (!text.isEmpty() && QStringLiteral("=+-@\t\r").contains(text[0])) {
        text.prepend(QLatin1Char('\''));
    }
    if (!text.contains(QLatin1Char('"')) && !text.contains(QLatin1Char(',')) &&
        !text.contains(QLatin1Char('\n')) && !text.contains(QLatin1Char('\r'))) {
        return text;
    }
    return QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) +
           QLatin1Char('"');
}

QString header(const QAbstractItemModel& model, int column) {
    return model.headerData(column, Qt::Horizontal).toString();
}

}  // namespace

QString csvOf(const QAbstractItemModel& model) {
    QString out;
    for (int row = -1; row < model.rowCount(); ++row) {
        for (int column = 0; column < model.columnCount(); ++column) {
            if (column > 0) out += QLatin1Char(',');
            out += quoted(row < 0 ? header(model, column)
                                  : model.index(row, column).data().toString());
        }
        out += QStringLiteral("\r\n");
    }
    return out;
}

QString jsonLinesOf(const QAbstractItemModel& model) {
    QString out;
    for (int row = 0; row < model.rowCount(); ++row) {
        QJsonObject object;
        for (int column = 0; column < model.columnCount(); ++column)
            object[header(model, column)] = model.index(row, column).data().toString();
        out += QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)) +
               QLatin1Char('\n');
    }
    return out;
}

void exportTable(const QAbstractItemModel& model, const QString& name, QWidget* parent) {
    const QString csv = TableExport::tr("Comma-separated values (*.csv)");
    const QString json = TableExport::tr("JSON lines (*.jsonl)");
    QString chosen;
    const QString path = QFileDialog::getSaveFileName(
        parent, TableExport::tr("Export %1").arg(name), name + QStringLiteral(".csv"),
        csv + QStringLiteral(";;") + json, &chosen);
    if (path.isEmpty()) return;
    const QString text = chosen == json ? jsonLinesOf(model) : csvOf(model);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0 || !file.commit()) {
        QMessageBox::warning(
            parent, TableExport::tr("Not exported"),
            TableExport::tr("%1 was not written: %2.").arg(path, file.errorString()));
    }
}

}  // namespace ifrit::gui::pages
