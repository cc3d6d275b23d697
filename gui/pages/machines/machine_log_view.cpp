// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/machines/machine_log_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "gui/pages/page.h"
#include "gui/widgets/command_target.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

MachineLogView::MachineLogView(const widgets::Theme& theme,
                               presenters::MachineLogPresenter& presenter, QWidget* parent)
    : QWidget(parent),
      m_presenter(presenter),
      m_agent(new QComboBox(this)),
      m_fetch(new QPushButton(this)),
      m_copy(new QPushButton(this)),
      m_note(widgets::mutedLabel({}, this)),
      m_text(new QPlainTextEdit(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    auto* row = new QHBoxLayout;
    row->addWidget(m_agent, 1);
    row->addWidget(m_fetch);
    row->addWidget(m_copy);
    column->addLayout(row);
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(theme.monospaceFont());
    column->addWidget(m_text, 1);
    connect(m_agent, &QComboBox::currentTextChanged, &presenter,
            &presenters::MachineLogPresenter::setAgent);
    connect(m_fetch, &QPushButton::clicked, &presenter, &presenters::MachineLogPresenter::fetch);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(
            widgets::CommandTarget::textOf(*this, {m_presenter.command()}));
    });
    connect(&presenter, &presenters::MachineLogPresenter::changed, this, &MachineLogView::update);
    retranslate();
}

void MachineLogView::retranslate() {
    m_fetch->setText(tr("Fetch log"));
    m_copy->setText(tr("Copy log command"));
    m_agent->setAccessibleName(tr("Agent whose log is shown"));
    m_text->setAccessibleName(tr("End of the agent's log"));
    m_text->setPlaceholderText(
        tr("The end of the agent's log, fetched from the machine. Fetching "
           "it is written into the audit log."));
    update();
}

void MachineLogView::update() {
    {
        const QSignalBlocker quiet(m_agent);
        QStringList shown;
        for (int i = 0; i < m_agent->count(); ++i)
            shown << m_agent->itemText(i);
        if (shown != m_presenter.agents()) {
            m_agent->clear();
            m_agent->addItems(m_presenter.agents());
        }
        m_agent->setCurrentText(m_presenter.agent());
    }
    apply(m_fetch, m_presenter.fetchAction());
    apply(m_copy, {m_presenter.agent().isEmpty() ? tr("The machine has no agent.") : QString()});
    m_note->setText(m_presenter.note());
    m_note->setVisible(!m_presenter.note().isEmpty());
    if (m_text->toPlainText() == m_presenter.text()) return;
    m_text->setPlainText(m_presenter.text());
    m_text->verticalScrollBar()->setValue(m_text->verticalScrollBar()->maximum());
}

}  // namespace ifrit::gui::pages
