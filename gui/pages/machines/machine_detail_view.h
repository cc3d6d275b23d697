// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QTabWidget>

#include "gui/presenters/machine_detail_presenter.h"
#include "gui/presenters/machine_log_presenter.h"
#include "gui/presenters/machine_usage.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::widgets {
class DataTable;
class FactList;
class StatusBadge;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class ChartPane;
class MachineLogView;
class MoreRows;

struct MachineDetailParts {
    presenters::MachineDetailPresenter& detail;
    presenters::MachineLogPresenter& log;
    presenters::MachineUsage& usage;
    const models::TimeText& times;
};

/// The panel beside the machines: one machine's summary, why its versions, its agents, its
/// timeline.
class MachineDetailView : public widgets::Panel {
    Q_OBJECT
public:
    MachineDetailView(const widgets::Theme& theme, const MachineDetailParts& parts,
                      QWidget* parent);
    /// What it uses over time, as a table and back.
    void toggleTableForm();
    void retranslate();
    QTabWidget* tabs() { return m_tabs; }
    /// Buttons that begin something.
    QList<QPushButton*> verbs() const;
    const widgets::DataTable* timeline() const { return m_events; }

private:
    void build();
    void update();
    void clearBad();
    void updateUsage();

    const widgets::Theme& m_theme;
    presenters::MachineDetailPresenter& m_presenter;
    presenters::MachineUsage& m_usage;
    QLabel* m_uuid;
    widgets::StatusBadge* m_badge;
    QLabel* m_facts;
    QLabel* m_error;
    QTabWidget* m_tabs;
    widgets::FactList* m_summary;
    widgets::DataTable* m_explain;
    widgets::DataTable* m_agents;
    widgets::DataTable* m_events;
    MoreRows* m_moreEvents;
    MachineLogView* m_log;
    QWidget* m_charts;
    ChartPane* m_memory;
    ChartPane* m_processor;
    bool m_asTable = false;
    QPushButton* m_clear;
    QPushButton* m_copy;
};

}  // namespace ifrit::gui::pages
