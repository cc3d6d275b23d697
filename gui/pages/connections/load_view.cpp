// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/connections/load_view.h"

#include <QEvent>
#include <QVBoxLayout>

#include "gui/pages/charts/chart_pane.h"
#include "gui/widgets/chart_view.h"

namespace ifrit::gui::pages {

using presenters::MasterLoadPresenter;

LoadView::LoadView(const widgets::Theme& theme, MasterLoadPresenter& presenter,
                   const models::TimeText& times, QWidget* parent)
    : QWidget(parent),
      m_presenter(presenter),
      m_polls(new ChartPane(theme, times, this)),
      m_latency(new ChartPane(theme, times, this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    for (ChartPane* pane : {m_polls, m_latency}) {
        column->addWidget(pane, 1);
        pane->view()->alignEdge();
    }
    connect(&m_presenter, &MasterLoadPresenter::changed, this, &LoadView::update);
}

void LoadView::setConnected(bool connected) {
    m_connected = connected;
    m_presenter.setShown(isVisible() && m_connected);
    update();
}

void LoadView::toggleTableForm() {
    m_asTable = !m_asTable;
    m_polls->showTable(m_asTable);
    m_latency->showTable(m_asTable);
}

void LoadView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    m_presenter.setShown(m_connected);
    update();
}

void LoadView::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_presenter.setShown(false);
}

void LoadView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) update();
}

void LoadView::update() {
    if (!isVisible()) return;
    models::ChartContent polls = m_presenter.polls();
    models::ChartContent latency = m_presenter.latency();
    if (!m_connected) {
        // What there is, is of another cluster.
        for (models::ChartContent* content : {&polls, &latency}) {
            content->note.clear();
            content->whyEmpty = tr("Connect to it to see how its masters bear their machines.");
        }
    }
    // One sentence is enough.
    const bool isSame = !polls.whyEmpty.isEmpty() && polls.whyEmpty == latency.whyEmpty;
    m_latency->setVisible(!isSame);
    m_polls->setContent(polls, QStringLiteral("polls"));
    m_latency->setContent(latency, QStringLiteral("poll-latency"));
}

}  // namespace ifrit::gui::pages
