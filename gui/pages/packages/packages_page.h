// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QProgressBar>
#include <QSplitter>

#include "gui/pages/packages/package_detail_view.h"
#include "gui/pages/page.h"

namespace ifrit::gui::widgets {
class DataTable;
class FilterLine;
class Panel;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// The package store; a package file dropped anywhere on the page is published.
class PackagesPage : public Page {
    Q_OBJECT
public:
    PackagesPage(const widgets::Theme& theme, const PackageParts& parts, QWidget* parent);
    static QString viewName() { return tr("Packages"); }
    void focusFilter() override;
    void refresh() override;
    void toggleTableForm() override { m_detail->toggleTableForm(); }
    /// Where its versions run, while that has the keyboard or is painted; else a table.
    void exportRows() override;
    ExportTable exportOf(const widgets::DataTable& table) const override;
    bool escape() override;
    QList<models::CtlCommand> commands() const override;
    void showPackage(const QString& digest);
    QSplitter* splitter() { return m_splitter; }
    PackageDetailView* detail() { return m_detail; }

Q_SIGNALS:
    /// Machines, filtered.
    void filterWanted(const QString& filter);
    void releaseWanted(const QString& releaseId);

protected:
    void retranslate() override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build();
    void connectParts();
    void update();
    void updatePublish();
    void askFile();
    void remove();

    presenters::PackagesPresenter& m_presenter;
    QPushButton* m_publish;
    QPushButton* m_delete;
    widgets::FilterLine* m_filter;
    widgets::Panel* m_progressPanel;
    QLabel* m_progressText;
    QProgressBar* m_progress;
    QPushButton* m_cancel;
    QSplitter* m_splitter;
    widgets::DataTable* m_table;
    QPushButton* m_more;
    PackageDetailView* m_detail;
    bool m_chosenOnce = false;
};

}  // namespace ifrit::gui::pages
