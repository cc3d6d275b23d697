// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/new_user_dialog.h"

#include "gui/pages/access/form_dialog.h"
#include "gui/pages/page.h"

namespace ifrit::gui::pages {

NewUserDialog::NewUserDialog(const widgets::Theme& theme, presenters::AccessPresenter& presenter,
                             QWidget* parent)
    : QDialog(parent),
      m_presenter(presenter),
      m_name(new QLineEdit(this)),
      m_role(new QComboBox(this)),
      m_way(new QComboBox(this)) {
    const FormParts parts = buildForm(*this, theme, tr("Add a user"), tr("Go on…"), tr("Cancel"));
    m_hint = parts.hint;
    m_forward = parts.forward;
    m_name->setMaxLength(64);
    m_role->addItem(tr("reader"));
    m_role->addItem(tr("super admin"));
    m_way->addItem(tr("a password that the master makes"));
    m_way->addItem(tr("a certificate alone"));
    const auto field = [&parts](const QString& label, QWidget* widget) {
        widget->setAccessibleName(label);
        parts.fields->addRow(label, widget);
    };
    field(tr("Name"), m_name);
    field(tr("Role"), m_role);
    field(tr("Signs in with"), m_way);
    connect(m_name, &QLineEdit::textChanged, this, &NewUserDialog::update);
    update();
}

presenters::AccessPresenter::NewUser NewUserDialog::user() const {
    return {
        m_name->text().trimmed(),
        m_role->currentIndex() == 1 ? services::UserRole::SuperAdmin : services::UserRole::Reader,
        m_way->currentIndex() == 0};
}

void NewUserDialog::update() {
    const QString problem = m_presenter.problemOf(user());
    m_hint->setText(problem);
    apply(m_forward, {problem});
}

}  // namespace ifrit::gui::pages
