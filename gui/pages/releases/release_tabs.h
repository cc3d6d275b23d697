// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QTabWidget>

#include "gui/pages/table_export.h"
#include "gui/presenters/release_charts.h"
#include "gui/presenters/release_presenter.h"

class QScrollArea;

namespace ifrit::gui::widgets {
class DataTable;
class FactList;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class ChartPane;
class MoreRows;

struct ReleaseTabsParts {
    presenters::ReleasePresenter& release;
    presenters::ReleaseCharts& charts;
    const models::TimeText& times;
};

/// What is known of a release beside its stages: failures, machines, timeline, charts, what it was
/// asked to do, and the audit's rows.
class ReleaseTabs : public QTabWidget {
    Q_OBJECT
public:
    ReleaseTabs(const widgets::Theme& theme, const ReleaseTabsParts& parts, QWidget* parent);
    void retranslate();
    /// The presenter has something new.
    void update();
    /// The charts as tables, and back.
    void showTables(bool tables);
    /// The whole list behind a table that holds its first pages; null: the table has all.
    ExportTable::Source sourceOf(const widgets::DataTable& table) const;
    /// Has as much height as there is: where it has less than a wrapped label would like, the
    /// others of the page need not give way.
    bool hasHeightForWidth() const override { return false; }

Q_SIGNALS:
    void machineWanted(const QString& uuid);

private:
    void buildTables();
    QWidget* buildFailures();
    QWidget* buildPlan();
    QScrollArea* buildCharts(const QList<ChartPane*>& charts);
    void connectParts();
    void updateCharts();

    presenters::ReleasePresenter& m_presenter;
    presenters::ReleaseCharts& m_charts;
    ChartPane* m_memory;
    ChartPane* m_processor;
    ChartPane* m_convergence;
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
    QScrollArea* m_cost;
    QScrollArea* m_course;
};

}  // namespace ifrit::gui::pages
