// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/grant_dialog.h"

#include "gui/pages/access/form_dialog.h"
#include "gui/pages/page.h"

namespace ifrit::gui::pages {

GrantDialog::GrantDialog(const widgets::Theme& theme, presenters::AccessPresenter& presenter,
                         QWidget* parent)
    : QDialog(parent),
      m_presenter(presenter),
      m_permission(new QComboBox(this)),
      m_agent(new QLineEdit(this)),
      m_type(new QLineEdit(this)),
      m_until(new QComboBox(this)) {
    const services::UserInfo* user = presenter.chosen();
    const QString title =
        tr("Grant %1 something").arg(user == nullptr ? QString() : models::toText(user->name));
    const FormParts parts = buildForm(*this, theme, title, tr("Go on…"), tr("Cancel"));
    m_hint = parts.hint;
    m_forward = parts.forward;
    m_permission->addItems(presenter.grantable());
    m_permission->setMaxVisibleItems(20);
    m_agent->setMaxLength(64);
    m_type->setMaxLength(64);
    m_agent->setPlaceholderText(tr("every agent"));
    m_type->setPlaceholderText(tr("every type"));
    m_until->addItem(tr("for ever"), 0);
    for (const int days : {1, 7, 30})
        m_until->addItem(tr("%n day(s)", "", days), days);
    const auto field = [&parts](const QString& label, QWidget* widget) {
        widget->setAccessibleName(label);
        parts.fields->addRow(label, widget);
    };
    field(tr("Permission"), m_permission);
    field(tr("Agent"), m_agent);
    field(tr("Machine type"), m_type);
    field(tr("Until"), m_until);
    for (QLineEdit* line : {m_agent, m_type})
        connect(line, &QLineEdit::textChanged, this, &GrantDialog::update);
    connect(m_permission, &QComboBox::currentTextChanged, this, &GrantDialog::update);
    update();
}

presenters::AccessPresenter::NewGrant GrantDialog::grant() const {
    return {m_permission->currentText(), m_agent->text().trimmed(), m_type->text().trimmed(),
            m_until->currentData().toInt()};
}

void GrantDialog::update() {
    const QString problem = m_presenter.problemOf(grant());
    m_hint->setText(problem);
    apply(m_forward, {problem});
}

}  // namespace ifrit::gui::pages
