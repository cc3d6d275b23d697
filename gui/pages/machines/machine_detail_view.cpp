// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/machines/machine_detail_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QScrollArea>

#include "gui/pages/charts/chart_pane.h"
#include "gui/pages/machines/machine_log_view.h"
#include "gui/pages/more_rows.h"
#include "gui/pages/page.h"
#include "gui/widgets/chart_view.h"
#include "gui/widgets/command_target.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/scrolled.h"
#include "gui/widgets/status_badge.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

MachineDetailView::MachineDetailView(const widgets::Theme& theme, const MachineDetailParts& parts,
                                     QWidget* parent)
    : Panel(theme, parent),
      m_theme(theme),
      m_presenter(parts.detail),
      m_usage(parts.usage),
      m_uuid(new QLabel(this)),
      m_badge(new widgets::StatusBadge(theme, this)),
      m_facts(widgets::mutedLabel({}, this)),
      m_error(new QLabel(this)),
      m_tabs(new QTabWidget(this)),
      m_summary(new widgets::FactList(theme, this)),
      m_explain(new widgets::DataTable(theme, this)),
      m_agents(new widgets::DataTable(theme, this)),
      m_events(new widgets::DataTable(theme, this)),
      m_moreEvents(new MoreRows(
          *m_events, [this] { m_presenter.moreEvents(); }, this)),
      m_log(new MachineLogView(theme, parts.log, this)),
      m_charts(new QWidget(this)),
      m_memory(new ChartPane(theme, parts.times, this)),
      m_processor(new ChartPane(theme, parts.times, this)),
      m_clear(new QPushButton(this)),
      m_copy(new QPushButton(this)) {
    build();
    connect(m_clear, &QPushButton::clicked, this, &MachineDetailView::clearBad);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(
            widgets::CommandTarget::textOf(*this, {m_presenter.explainCommand()}));
    });
    connect(&m_presenter, &presenters::MachineDetailPresenter::changed, this,
            &MachineDetailView::update);
    connect(&m_presenter, &presenters::MachineDetailPresenter::acted, this,
            [this](const QString& sentence) { m_error->setText(sentence); });
    retranslate();
}

void MachineDetailView::build() {
    auto* top = new QHBoxLayout;
    m_uuid->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_uuid->setStyleSheet(QStringLiteral("font-weight: 600;"));
    m_uuid->setFont(m_theme.monospaceFont());
    top->addWidget(m_uuid, 1);
    top->addWidget(m_badge);
    body()->addLayout(top);
    m_facts->setWordWrap(true);
    body()->addWidget(m_facts);
    m_error->setWordWrap(true);
    m_error->setProperty("look", QLatin1String("fail"));
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    body()->addWidget(m_error);
    auto* page = new QWidget(m_tabs);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 8, 4, 0);
    column->addWidget(m_summary);
    column->addStretch(1);
    QScrollArea* scroll = widgets::scrolled(page, m_tabs);
    m_explain->setModel(&m_presenter.explainModel());
    m_agents->setModel(&m_presenter.agentModel());
    m_events->setModel(&m_presenter.eventModel());
    constexpr int kKey = 5;
    constexpr int kSince = 5;
    constexpr int kRestarts = 6;
    m_explain->leaveOut({kKey});
    // How long it has been so is in the summary and the timeline.
    m_agents->leaveOut({kRestarts, kSince});
    for (widgets::DataTable* table : {m_explain, m_agents, m_events})
        table->fitColumns();
    m_tabs->addTab(scroll, {});
    m_tabs->addTab(m_explain, {});
    m_tabs->addTab(m_agents, {});
    m_tabs->addTab(m_moreEvents, {});
    m_tabs->addTab(m_log, {});
    auto* charts = new QVBoxLayout(m_charts);
    charts->setContentsMargins(0, 8, 0, 0);
    for (ChartPane* pane : {m_memory, m_processor}) {
        charts->addWidget(pane, 1);
        pane->view()->alignEdge();
    }
    m_tabs->addTab(m_charts, {});
    connect(m_tabs, &QTabWidget::currentChanged, this, &MachineDetailView::updateUsage);
    connect(&m_usage, &presenters::MachineUsage::changed, this, &MachineDetailView::updateUsage);
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setDrawBase(false);
    body()->addWidget(m_tabs, 1);
    // With nothing chosen the tabs are hidden: the words stay at the top.
    body()->addStretch(0);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_clear);
    buttons->addWidget(m_copy);
    buttons->addStretch(1);
    body()->addLayout(buttons);
}

QList<QPushButton*> MachineDetailView::verbs() const {
    return {m_clear, m_log->fetchButton()};
}

void MachineDetailView::retranslate() {
    const QStringList names = {tr("Summary"),  tr("Explain"), tr("Agents"),
                               tr("Timeline"), tr("Log"),     tr("Usage")};
    for (int i = 0; i < m_tabs->count(); ++i)
        m_tabs->setTabText(i, names[i]);
    m_clear->setText(tr("Try bad version again…"));
    m_copy->setText(tr("Copy as command"));
    m_explain->setAccessibleName(tr("Why these versions"));
    m_agents->setAccessibleName(tr("Agents of the machine"));
    m_events->setAccessibleName(tr("What happened on the machine"));
    m_log->retranslate();
    setAccessibleName(tr("Details of the machine"));
    update();
}

void MachineDetailView::update() {
    const bool any = !m_presenter.uuid().isEmpty();
    m_uuid->setText(any ? m_presenter.uuid() : tr("No machine chosen"));
    m_uuid->setFont(any ? m_theme.monospaceFont() : m_theme.textFont());
    m_badge->setVisible(m_presenter.machine().has_value());
    m_badge->setLook(m_presenter.look());
    m_facts->setText(any ? m_presenter.factsLine()
                         : tr("Choose one in the table. Space hides this and brings it back."));
    const QString error =
        m_presenter.error().isEmpty() ? m_presenter.lastError() : m_presenter.error();
    m_error->setText(error);
    m_error->setVisible(!error.isEmpty());
    m_tabs->setVisible(any);
    m_clear->setVisible(any);
    m_copy->setVisible(any);
    m_summary->setFacts(m_presenter.summary());
    const auto empty = m_presenter.emptyLines();
    m_explain->setEmptyText(empty.explain);
    m_agents->setEmptyText(empty.agents);
    m_events->setEmptyText(empty.events);
    m_moreEvents->setMore(m_presenter.hasMoreEvents());
    m_usage.setMachine(m_presenter.uuid());
    updateUsage();
    apply(m_clear, m_presenter.clearBadAction());
}

void MachineDetailView::updateUsage() {
    if (m_tabs->currentWidget() != m_charts) return;
    m_memory->setContent(m_usage.memory(), QStringLiteral("memory"));
    m_processor->setContent(m_usage.processor(), QStringLiteral("processor"));
}

void MachineDetailView::toggleTableForm() {
    m_asTable = !m_asTable;
    m_memory->showTable(m_asTable);
    m_processor->showTable(m_asTable);
}

void MachineDetailView::clearBad() {
    const auto shown = m_presenter.clearBadRequests();
    const auto follow = [this](widgets::DangerSheet& sheet) {
        sheet.follow(m_presenter, &presenters::MachineDetailPresenter::changed,
                     [this] { return m_presenter.clearBadAction().whyNot; });
    };
    if (const auto said =
            widgets::DangerSheet::ask(m_theme, m_presenter.clearBadFacts(), this, follow))
        m_presenter.clearBad(shown, said->reason);
}

}  // namespace ifrit::gui::pages
