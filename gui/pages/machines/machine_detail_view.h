// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QTabWidget>

#include "gui/presenters/machine_detail_presenter.h"
#include "gui/presenters/machine_log_presenter.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::widgets {
class DataTable;
class FactList;
class StatusBadge;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class MachineLogView;

/// The panel beside the machines: one machine's summary, why its versions, its agents, its
/// timeline.
class MachineDetailView : public widgets::Panel {
    Q_OBJECT
public:
    MachineDetailView(const widgets::Theme& theme, presenters::MachineDetailPresenter& presenter,
                      presenters::MachineLogPresenter& log, QWidget* parent);
    void retranslate();
    QTabWidget* tabs() { return m_tabs; }

private:
    void build();
    void update();
    void clearBad();

    const widgets::Theme& m_theme;
    presenters::MachineDetailPresenter& m_presenter;
    QLabel* m_uuid;
    widgets::StatusBadge* m_badge;
    QLabel* m_facts;
    QLabel* m_error;
    QTabWidget* m_tabs;
    widgets::FactList* m_summary;
    widgets::DataTable* m_explain;
    widgets::DataTable* m_agents;
    widgets::DataTable* m_events;
    MachineLogView* m_log;
    QPushButton* m_clear;
    QPushButton* m_copy;
};

}  // namespace ifrit::gui::pages
