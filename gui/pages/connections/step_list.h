// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

#include "gui/presenters/connections_presenter.h"

class QLabel;
class QGridLayout;

namespace ifrit::gui::widgets {
class StatusBadge;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// The steps of "Test connection", one a line: name, state, what was seen or what to do.
class StepList : public QWidget {
    Q_OBJECT
public:
    StepList(const widgets::Theme& theme, QWidget* parent);
    void setSteps(const std::vector<presenters::ConnectionsPresenter::Step>& steps);

private:
    struct Row {
        QLabel* name;
        widgets::StatusBadge* badge;
        QLabel* detail;
    };
    const widgets::Theme& m_theme;
    QGridLayout* m_grid;
    QList<Row> m_rows;
};

}  // namespace ifrit::gui::pages
