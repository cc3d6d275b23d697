// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/releases/plan_review.h"

#include <QHeaderView>
#include <QVBoxLayout>

#include <algorithm>

#include "gui/widgets/data_table.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::pages {
namespace {

/// A plan of more has a table that scrolls by itself.
constexpr int kMostStages = 14;
constexpr int kMostObjections = 8;
/// The master's sentence.
constexpr int kWhy = 2;
constexpr int kByType = 3;

/// As high as its first rows are.
void fitHeight(widgets::DataTable& table, int mostRows) {
    int height = table.horizontalHeader()->sizeHint().height() + 2 * table.frameWidth() + 2;
    const int rows = std::min(table.model()->rowCount(), mostRows);
    for (int row = 0; row < rows; ++row)
        height += table.rowHeight(row);
    table.setFixedHeight(height);
}

}  // namespace

PlanReview::PlanReview(const widgets::Theme& theme, presenters::NewReleasePresenter& presenter,
                       QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_presenter(presenter),
      m_stagePanel(new widgets::Panel(theme, this)),
      m_objectionPanel(new widgets::Panel(theme, this)),
      m_stages(
          addTable(presenter.planStages(), *m_stagePanel, "plan-stages", tr("Stages of the plan"))),
      m_totals(new widgets::FactList(theme, this)),
      m_objections(addTable(presenter.planObjections(), *m_objectionPanel, "plan-objections",
                            tr("What stands against the plan"))),
      m_note(widgets::mutedLabel({}, this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    m_stagePanel->setHeading(tr("The master's plan"));
    m_stagePanel->body()->addWidget(m_totals);
    column->addWidget(m_stagePanel);
    m_objectionPanel->setHeading(tr("What stands against it"));
    m_note->setWordWrap(true);
    m_objectionPanel->body()->addWidget(m_note);
    column->addWidget(m_objectionPanel);
    column->addStretch(1);
    m_stages->keepWhole(kByType);
    m_objections->wrapColumns({kWhy});
    for (widgets::DataTable* table : {m_stages, m_objections}) {
        table->fitColumns();
        connect(table->verticalHeader(), &QHeaderView::sectionResized, this,
                &PlanReview::fitHeights);
    }
    update();
}

widgets::DataTable* PlanReview::addTable(QAbstractItemModel& model, widgets::Panel& panel,
                                         const char* name, const QString& spoken) {
    auto* table = new widgets::DataTable(m_theme, this);
    table->setModel(&model);
    table->setObjectName(QString::fromLatin1(name));
    table->setAccessibleName(spoken);
    panel.body()->addWidget(table);
    return table;
}

void PlanReview::fitHeights() {
    fitHeight(*m_stages, kMostStages);
    fitHeight(*m_objections, kMostObjections);
}

void PlanReview::update() {
    m_totals->setFacts(m_presenter.planFacts());
    m_note->setText(m_presenter.objectionsNote());
    m_note->setVisible(!m_note->text().isEmpty());
    m_objectionPanel->setVisible(m_presenter.planObjections().rowCount({}) > 0 ||
                                 !m_note->text().isEmpty());
    fitHeights();
}

}  // namespace ifrit::gui::pages
