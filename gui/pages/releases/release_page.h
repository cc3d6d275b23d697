// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QScrollArea>
#include <QTabWidget>

#include <map>

#include "gui/pages/page.h"
#include "gui/presenters/release_charts.h"
#include "gui/presenters/release_presenter.h"
#include "gui/presenters/ring_presenter.h"

namespace ifrit::gui::widgets {
class BatchLanes;
class DataTable;
class FactList;
class FigureStrip;
class Panel;
class StatusBadge;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class ChartPane;
class MoreRows;
class RingPanel;

struct ReleasePageParts {
    presenters::ReleasePresenter& release;
    presenters::RingPresenter& ring;
    presenters::ReleaseCharts& charts;
    const models::TimeText& times;
};

/// One release as it goes.
class ReleasePage : public Page {
    Q_OBJECT
public:
    ReleasePage(const widgets::Theme& theme, const ReleasePageParts& parts, QWidget* parent);
    void refresh() override { m_presenter.refresh(); }
    ExportTable exportOf(const widgets::DataTable& table) const override;
    bool escape() override;
    QString place() const override;
    void toggleTableForm() override;
    QList<models::CtlCommand> commands() const override;
    QTabWidget* tabs() { return m_tabs; }

Q_SIGNALS:
    void backWanted();
    void machineWanted(const QString& uuid);
    void filterWanted(const QString& filter);

protected:
    void retranslate() override;

private:
    void build();
    void buildStages();
    void buildTabs();
    QWidget* buildPlan();
    void connectParts();
    void update();
    void updateVerbs();
    void updateLanes();
    void buildCharts();
    void updateCharts();
    void ask(domain::ReleaseVerb verb);

    presenters::ReleasePresenter& m_presenter;
    presenters::RingPresenter& m_ring;
    presenters::ReleaseCharts& m_charts;
    widgets::StatusBadge* m_badge;
    std::map<domain::ReleaseVerb, QPushButton*> m_verbs;
    QLabel* m_line;
    QLabel* m_answer;
    widgets::FigureStrip* m_strip;
    widgets::Panel* m_stagePanel;
    QScrollArea* m_laneArea;
    widgets::BatchLanes* m_lanes;
    widgets::DataTable* m_stageTable;
    QPushButton* m_export;
    RingPanel* m_ringPanel;
    QWidget* m_cost;
    ChartPane* m_memory;
    ChartPane* m_processor;
    ChartPane* m_convergence;
    QTabWidget* m_tabs;
    widgets::DataTable* m_failures;
    QLabel* m_failuresNote;
    widgets::DataTable* m_machines;
    widgets::DataTable* m_timeline;
    widgets::FactList* m_plan;
    widgets::FactList* m_planMore;
    widgets::DataTable* m_audit;
    MoreRows* m_moreMachines;
    MoreRows* m_moreTimeline;
    MoreRows* m_moreAudit;
};

}  // namespace ifrit::gui::pages
