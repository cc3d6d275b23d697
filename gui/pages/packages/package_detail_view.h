// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>

#include "gui/pages/table_export.h"
#include "gui/presenters/package_detail.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::widgets {
class DataTable;
class FactList;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class VersionSpreadView;

struct PackageParts {
    presenters::PackagesPresenter& packages;
    presenters::PackageDetail& detail;
};

/// The panel beside the packages: one package's facts, its manifest, where its versions run, how it
/// differs from the one before, the releases that used it.
class PackageDetailView : public widgets::Panel {
    Q_OBJECT
public:
    enum Tab { Manifest, Versions, Changes, Releases };

    PackageDetailView(const widgets::Theme& theme, const PackageParts& parts, QWidget* parent);
    void retranslate();
    /// Reads again what the shown tab has read.
    void refresh();
    void toggleTableForm();
    /// True where what is shown is no plain table of the page, and was exported here.
    bool exportShown();
    /// What of a table is not loaded, where it is one of these and something is not; else empty.
    ExportTable::Source sourceOf(const widgets::DataTable& table) const;
    QTabWidget* tabs() { return m_tabs; }
    /// What the last verb was refused with; empty: nothing.
    void setResult(const QString& sentence);

Q_SIGNALS:
    void filterWanted(const QString& filter);
    void releaseWanted(const QString& releaseId);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    QWidget* changesTab();
    QWidget* releasesTab();
    void update();
    void updateChanges();
    void updateReleases();
    /// Only what is looked at is counted and read.
    void tellShown(bool visible);

    const widgets::Theme& m_theme;
    PackageParts m_parts;
    widgets::FactList* m_facts;
    QTabWidget* m_tabs;
    QPlainTextEdit* m_manifest;
    VersionSpreadView* m_versions;
    QComboBox* m_base;
    QLabel* m_changesLine;
    widgets::DataTable* m_changes;
    QPushButton* m_changesAgain;
    QLabel* m_releasesLine;
    widgets::DataTable* m_releases;
    QPushButton* m_releasesMore;
    QPushButton* m_releasesAgain;
    QLabel* m_result;
};

}  // namespace ifrit::gui::pages
