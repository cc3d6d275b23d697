// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QWidget>

#include "gui/presenters/new_release_presenter.h"

namespace ifrit::gui::widgets {
class DataTable;
class FactList;
class Panel;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// The master's plan of a new release: its stages as a table, what it comes to, and in a table of
/// their own the conflicts and the machines that are left out.
class PlanReview : public QWidget {
    Q_OBJECT
public:
    PlanReview(const widgets::Theme& theme, presenters::NewReleasePresenter& presenter,
               QWidget* parent);
    void update();

private:
    widgets::DataTable* addTable(QAbstractItemModel& model, widgets::Panel& panel, const char* name,
                                 const QString& spoken);
    void fitHeights();

    const widgets::Theme& m_theme;
    presenters::NewReleasePresenter& m_presenter;
    widgets::Panel* m_stagePanel;
    widgets::Panel* m_objectionPanel;
    widgets::DataTable* m_stages;
    widgets::FactList* m_totals;
    widgets::DataTable* m_objections;
    QLabel* m_note;
};

}  // namespace ifrit::gui::pages
