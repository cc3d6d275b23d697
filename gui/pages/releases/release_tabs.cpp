// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/release_tabs.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QTabBar>

#include "gui/models/detail_columns.h"
#include "gui/models/selection_keeper.h"
#include "gui/pages/charts/chart_pane.h"
#include "gui/pages/more_rows.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/scrolled.h"

namespace ifrit::gui::pages {
namespace {

using presenters::ReleasePresenter;

/// Title, note and legend, and a curve of which one can tell how it runs. In less room the tab
/// scrolls.
constexpr int kChartHeight = 208;

}  // namespace

ReleaseTabs::ReleaseTabs(const widgets::Theme& theme, const ReleaseTabsParts& parts,
                         QWidget* parent)
    : QTabWidget(parent),
      m_presenter(parts.release),
      m_charts(parts.charts),
      m_memory(new ChartPane(theme, parts.times, this)),
      m_processor(new ChartPane(theme, parts.times, this)),
      m_convergence(new ChartPane(theme, parts.times, this)),
      m_failures(new widgets::DataTable(theme, this)),
      m_failuresNote(new QLabel(this)),
      m_machines(new widgets::DataTable(theme, this)),
      m_timeline(new widgets::DataTable(theme, this)),
      m_plan(new widgets::FactList(theme, this)),
      m_planMore(new widgets::FactList(theme, this)),
      m_audit(new widgets::DataTable(theme, this)),
      m_moreMachines(new MoreRows(
          *m_machines, [this] { m_presenter.moreMachines(); }, this)),
      m_moreTimeline(new MoreRows(
          *m_timeline, [this] { m_presenter.moreTimeline(); }, this)),
      m_moreAudit(new MoreRows(
          *m_audit, [this] { m_presenter.moreAudit(); }, this)),
      m_cost(buildCharts({m_memory, m_processor})),
      m_course(buildCharts({m_convergence})) {
    buildTables();
    addTab(buildFailures(), {});
    addTab(m_moreMachines, {});
    addTab(m_moreTimeline, {});
    addTab(m_cost, {});
    addTab(m_course, {});
    addTab(buildPlan(), {});
    addTab(m_moreAudit, {});
    setDocumentMode(true);
    tabBar()->setDrawBase(false);
    tabBar()->setExpanding(false);
    connectParts();
}

void ReleaseTabs::buildTables() {
    m_failures->setModel(&m_presenter.failureModel());
    m_timeline->setModel(&m_presenter.timelineModel());
    m_machines->setModel(&m_presenter.machineModel());
    m_machines->setObjectName(QStringLiteral("release-machines"));
    m_machines->makeSortable();
    m_audit->setModel(&m_presenter.auditModel());
    m_audit->setObjectName(QStringLiteral("release-audit"));
    m_audit->holdPast();
    // Always this release.
    constexpr int kObject = 4;
    m_audit->leaveOutAlways(kObject);
    for (const int column : models::kAuditDetails)
        m_audit->leaveOutAlways(column);
    for (const int column : models::kReleaseMachineDetails)
        m_machines->leaveOutAlways(column);
    for (widgets::DataTable* table : {m_failures, m_machines, m_timeline, m_audit})
        table->fitColumns();
    new models::SelectionKeeper(m_machines->selectionModel(), [this](const QString& key) {
        return m_presenter.machineModel().rowOfKey(key);
    });
}

QWidget* ReleaseTabs::buildFailures() {
    auto* failures = new QWidget(this);
    auto* column = new QVBoxLayout(failures);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_failures);
    column->addWidget(m_failuresNote);
    return failures;
}

QWidget* ReleaseTabs::buildPlan() {
    auto* page = new QWidget(this);
    auto* row = new QHBoxLayout(page);
    row->setContentsMargins(2, 8, 4, 0);
    row->setSpacing(32);
    row->addWidget(m_plan, 1, Qt::AlignTop);
    row->addWidget(m_planMore, 1, Qt::AlignTop);
    return widgets::scrolled(page, this);
}

QScrollArea* ReleaseTabs::buildCharts(const QList<ChartPane*>& charts) {
    auto* page = new QWidget(this);
    auto* row = new QHBoxLayout(page);
    row->setContentsMargins(0, 8, 0, 0);
    row->setSpacing(24);
    for (ChartPane* chart : charts) {
        chart->setMinimumHeight(kChartHeight);
        row->addWidget(chart, 1);
    }
    return widgets::scrolled(page, this);
}

/// Of the tab that is shown: nothing is asked for the sake of the others.
void ReleaseTabs::updateCharts() {
    const QWidget* shown = currentWidget();
    m_charts.setShown(isVisible() && (shown == m_cost || shown == m_course));
    if (shown == m_cost) {
        m_memory->setContent(m_charts.memory(), QStringLiteral("memory"));
        m_processor->setContent(m_charts.processor(), QStringLiteral("processor"));
    } else if (shown == m_course) {
        m_convergence->setContent(m_charts.convergence(), QStringLiteral("convergence"));
    }
}

void ReleaseTabs::connectParts() {
    connect(this, &QTabWidget::currentChanged, this, &ReleaseTabs::updateCharts);
    connect(&m_charts, &presenters::ReleaseCharts::changed, this, &ReleaseTabs::updateCharts);
    connect(m_machines, &widgets::DataTable::opened, this, [this](const QModelIndex& index) {
        Q_EMIT machineWanted(index.data(models::KeyRole).toString());
    });
    connect(m_failures, &widgets::DataTable::opened, this, [this](const QModelIndex& index) {
        const auto* group = m_presenter.failureModel().at(index.row());
        if (group != nullptr) Q_EMIT machineWanted(group->example);
    });
}

ExportTable::Source ReleaseTabs::sourceOf(const widgets::DataTable& table) const {
    ReleasePresenter& presenter = m_presenter;
    if (&table == m_machines) return [&presenter] { return presenter.machineRows(); };
    if (&table == m_timeline) return [&presenter] { return presenter.timelineRows(); };
    if (&table == m_audit) return [&presenter] { return presenter.auditRows(); };
    return {};
}

void ReleaseTabs::retranslate() {
    m_failures->setAccessibleName(tr("Failures by reason"));
    m_machines->setAccessibleName(tr("Machines of the release"));
    m_timeline->setAccessibleName(tr("Timeline of the release"));
    m_audit->setAccessibleName(tr("Audit rows of the release"));
    setTabText(1, tr("Machines"));
    setTabText(2, tr("Timeline"));
    setTabText(3, tr("Cost"));
    setTabText(4, tr("Convergence"));
    setTabText(5, tr("Plan"));
    setTabText(6, tr("Audit"));
}

void ReleaseTabs::update() {
    const auto empty = m_presenter.emptyLines();
    m_failures->setEmptyText(empty.failures);
    m_machines->setEmptyText(empty.machines);
    m_timeline->setEmptyText(empty.timeline);
    m_audit->setEmptyText(empty.audit);
    m_failuresNote->setText(m_presenter.failuresNote());
    m_failuresNote->setVisible(!m_presenter.failuresNote().isEmpty());
    const auto failures = static_cast<qint64>(m_presenter.failures());
    setTabText(0, failures > 0 ? tr("Failures %1").arg(models::grouped(failures)) : tr("Failures"));
    const auto facts = m_presenter.specFacts();
    const qsizetype half = (facts.size() + 1) / 2;
    m_plan->setFacts(facts.first(half));
    m_planMore->setFacts(facts.sliced(half));
    m_charts.setRelease(m_presenter.info());
    updateCharts();
    m_moreMachines->setMore(m_presenter.hasMoreMachines());
    m_moreTimeline->setMore(m_presenter.hasMoreTimeline());
    m_moreAudit->setMore(m_presenter.hasMoreAudit());
}

void ReleaseTabs::showTables(bool tables) {
    for (ChartPane* chart : {m_memory, m_processor, m_convergence})
        chart->showTable(tables);
}

}  // namespace ifrit::gui::pages
