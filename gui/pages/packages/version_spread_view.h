// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QWidget>

#include "gui/presenters/package_spread.h"

namespace ifrit::gui::widgets {
class DataTable;
class Theme;
class VersionBars;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// Where the versions of an agent run: as bars with their export, or as a table.
class VersionSpreadView : public QWidget {
    Q_OBJECT
public:
    VersionSpreadView(const widgets::Theme& theme, presenters::PackageSpread& presenter,
                      QWidget* parent);
    void toggleTableForm();
    /// The picture, or in its table form the table.
    void exportShown();
    void retranslate();

Q_SIGNALS:
    /// A filter of the machines view.
    void filterWanted(const QString& filter);

private:
    void update();
    void open(const std::string& version);

    const widgets::Theme& m_theme;
    presenters::PackageSpread& m_presenter;
    QLabel* m_line;
    QPushButton* m_export;
    QLabel* m_whyEmpty;
    QScrollArea* m_scroll;
    widgets::VersionBars* m_bars;
    widgets::DataTable* m_table;
    bool m_asTable = false;
};

}  // namespace ifrit::gui::pages
