// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/ring/ring_panel.h"

#include "gui/pages/picture_export.h"
#include "gui/pages/table_export.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/hash_ring_view.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

using presenters::RingPresenter;

RingPanel::RingPanel(const widgets::Theme& theme, RingPresenter& presenter, QWidget* parent)
    : Panel(theme, parent),
      m_theme(theme),
      m_presenter(presenter),
      m_view(new widgets::HashRingView(theme, this)),
      m_table(new widgets::DataTable(theme, this)),
      m_whyNot(widgets::mutedLabel({}, this)),
      m_question(new QLineEdit(this)),
      m_answer(widgets::mutedLabel({}, this)),
      m_export(addExport(*this)) {
    m_whyNot->setWordWrap(true);
    m_whyNot->setAlignment(Qt::AlignCenter);
    m_question->setFont(theme.monospaceFont());
    m_question->setMaxLength(128);
    m_answer->setWordWrap(true);
    m_answer->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_table->setModel(&presenter.batchModel());
    m_table->setObjectName(QStringLiteral("ring-batches"));
    m_table->makeSortable();
    // The heading says how many each has.
    constexpr int kVirtualNodes = 5;
    m_table->leaveOut({kVirtualNodes});
    m_table->fitColumns();
    body()->addWidget(m_view, 1);
    body()->addWidget(m_table, 1);
    body()->addWidget(m_whyNot, 1);
    body()->addWidget(m_question);
    body()->addWidget(m_answer);
    connect(m_question, &QLineEdit::textChanged, &presenter, &RingPresenter::ask);
    connect(m_export, &QPushButton::clicked, this, &RingPanel::exportShown);
    connect(m_view, &widgets::HashRingView::machineOpened, this, &RingPanel::machineWanted);
    connect(m_view, &widgets::HashRingView::batchOpened, this,
            [this](std::uint32_t batch) { Q_EMIT filterWanted(RingPresenter::filterOf(batch)); });
    connect(m_table, &widgets::DataTable::opened, this, [this](const QModelIndex& index) {
        const auto* batch = m_presenter.batchModel().at(index.row());
        if (batch != nullptr) Q_EMIT filterWanted(RingPresenter::filterOf(batch->batch));
    });
    connect(&presenter, &RingPresenter::changed, this, &RingPanel::update);
    retranslate();
}

void RingPanel::retranslate() {
    m_question->setPlaceholderText(tr("uuid: where it falls, and why"));
    m_question->setAccessibleName(tr("Find a uuid on the ring"));
    m_table->setAccessibleName(tr("Batches of the ring"));
    m_export->setText(tr("Export…"));
    m_export->setAccessibleName(tr("Export the hash ring as a picture"));
    m_presenter.retell();
    update();
}

void RingPanel::exportShown() {
    if (m_presenter.content() == nullptr) return;
    if (m_asTable) {
        exportTable(*m_table->model(), m_table->accessibleName(), this);
    } else {
        exportPicture(*m_view, m_theme, QStringLiteral("hash-ring"), this);
    }
}

void RingPanel::showTable(bool table) {
    m_asTable = table;
    update();
}

bool RingPanel::escape() {
    if (m_question->text().isEmpty()) return false;
    m_question->clear();
    return true;
}

void RingPanel::showEvent(QShowEvent* event) {
    Panel::showEvent(event);
    m_presenter.setShown(true);
}

void RingPanel::hideEvent(QHideEvent* event) {
    Panel::hideEvent(event);
    m_presenter.setShown(false);
}

void RingPanel::setCluster(const QString& name) {
    if (name == m_cluster) return;
    m_cluster = name;
    update();
}

void RingPanel::update() {
    const bool any = m_presenter.content() != nullptr;
    setHeading(m_cluster.isEmpty() ? tr("Hash ring") : tr("Hash ring of %1").arg(m_cluster),
               m_presenter.factsLine());
    m_whyNot->setText(m_presenter.whyNot());
    m_whyNot->setVisible(!any);
    m_view->setVisible(any && !m_asTable);
    m_table->setVisible(any && m_asTable);
    m_question->setVisible(any);
    m_export->setVisible(any && !m_asTable);
    m_view->setContent(m_presenter.content());
    const auto& answer = m_presenter.answer();
    m_view->setMark(answer ? answer->place : std::nullopt);
    m_answer->setText(answer ? answer->sentence : QString());
    m_answer->setVisible(any && answer.has_value());
    const char* verdict = answer && !answer->place ? "bad" : "";
    if (m_question->property("verdict").toString() != QLatin1String(verdict)) {
        m_question->setProperty("verdict", QLatin1String(verdict));
        widgets::setLook(m_question, "filter");
    }
}

}  // namespace ifrit::gui::pages
