// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/check_tab.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "gui/pages/page.h"
#include "gui/widgets/identifier_words.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

CheckTab::CheckTab(const widgets::Theme& theme, presenters::AccessPresenter& presenter,
                   QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
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
    m_permission->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setHorizontalSpacing(16);
    m_permissionName = addField(form, m_permission);
    m_agentName = addField(form, m_agent);
    m_typesName = addField(form, m_types);
    column->addLayout(form);
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

/// What a field is for stays to be read when it is filled.
QLabel* CheckTab::addField(QFormLayout* form, QWidget* field) {
    auto* name = new QLabel(this);
    name->setBuddy(field);
    form->addRow(name, field);
    return name;
}

void CheckTab::retranslate() {
    m_ask->setText(tr("Ask the master"));
    m_permissionName->setText(tr("Permission"));
    m_agentName->setText(tr("Agent"));
    m_typesName->setText(tr("Machine types"));
    m_agent->setPlaceholderText(tr("every one"));
    m_types->setPlaceholderText(tr("every one; or with commas: LINUX, ARM64"));
    for (const QLabel* name : {m_permissionName, m_agentName, m_typesName})
        name->buddy()->setAccessibleName(name->text());
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
    widgets::showSentence(*m_answer, m_theme, m_presenter.answer());
    const models::StatusKind kind = m_presenter.answerKind();
    widgets::setLook(m_answer, kind == models::StatusKind::Ok     ? "ok"
                               : kind == models::StatusKind::Fail ? "fail"
                                                                  : "muted");
}

}  // namespace ifrit::gui::pages
