// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/check_tab.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "gui/pages/page.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

CheckTab::CheckTab(presenters::AccessPresenter& presenter, QWidget* parent)
    : QWidget(parent),
      m_presenter(presenter),
      m_question(new QLabel(this)),
      m_permission(new QComboBox(this)),
      m_agent(new QLineEdit(this)),
      m_types(new QLineEdit(this)),
      m_ask(new QPushButton(this)),
      m_answer(new QLabel(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 10, 0, 0);
    column->setSpacing(10);
    m_question->setWordWrap(true);
    column->addWidget(m_question);
    m_permission->setObjectName(QStringLiteral("asked-permission"));
    m_agent->setObjectName(QStringLiteral("asked-agent"));
    column->addWidget(m_permission);
    column->addWidget(m_agent);
    column->addWidget(m_types);
    auto* row = new QHBoxLayout;
    row->addWidget(m_ask);
    row->addStretch(1);
    column->addLayout(row);
    m_answer->setWordWrap(true);
    m_answer->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_answer);
    column->addStretch(1);
    connect(m_ask, &QPushButton::clicked, this, &CheckTab::ask);
    for (QLineEdit* field : {m_agent, m_types})
        connect(field, &QLineEdit::returnPressed, this, &CheckTab::ask);
}

void CheckTab::retranslate() {
    m_ask->setText(tr("Ask the master"));
    m_permission->setAccessibleName(tr("Permission"));
    m_agent->setPlaceholderText(tr("Agent; empty: every one"));
    m_types->setPlaceholderText(tr("Machine types, with commas; empty: every one"));
    for (QLineEdit* field : {m_agent, m_types})
        field->setAccessibleName(field->placeholderText());
}

void CheckTab::update() {
    const QStringList permissions = m_presenter.permissions();
    if (m_permission->count() != permissions.size()) {
        m_permission->clear();
        m_permission->addItems(permissions);
    }
    const services::UserInfo* user = m_presenter.chosen();
    m_question->setText(user == nullptr
                            ? tr("Choose a user to ask about.")
                            : tr("May %1 use this permission?").arg(models::toText(user->name)));
    apply(m_ask, {user == nullptr ? tr("Nobody is chosen.") : QString()});
    m_answer->setText(m_presenter.answer());
    const models::StatusKind kind = m_presenter.answerKind();
    widgets::setLook(m_answer, kind == models::StatusKind::Ok     ? "ok"
                               : kind == models::StatusKind::Fail ? "fail"
                                                                  : "muted");
}

}  // namespace ifrit::gui::pages
