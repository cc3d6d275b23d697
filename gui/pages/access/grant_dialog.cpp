// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/grant_dialog.h"

#include "gui/pages/access/form_dialog.h"
#include "gui/pages/page.h"

namespace ifrit::gui::pages {
namespace {

/// What is granted for a task ends by itself.
constexpr int kUsualDays = 30;

}  // namespace

GrantDialog::GrantDialog(const widgets::Theme& theme, presenters::AccessPresenter& presenter,
                         QWidget* parent)
    : QDialog(parent),
      m_presenter(presenter),
      m_permission(new QComboBox(this)),
      m_agent(new QLineEdit(this)),
      m_type(new QLineEdit(this)),
      m_cluster(new QLineEdit(this)),
      m_until(new QComboBox(this)) {
    const services::UserInfo* user = presenter.chosen();
    const QString title =
        tr("Grant %1 something").arg(user == nullptr ? QString() : models::toText(user->name));
    const FormParts parts = buildForm(*this, theme, title, tr("Go on…"), tr("Cancel"));
    m_hint = parts.hint;
    m_forward = parts.forward;
    m_permission->addItems(presenter.grantable());
    m_permission->setMaxVisibleItems(20);
    // Nothing is granted that was not looked for.
    m_permission->setPlaceholderText(tr("Choose…"));
    m_permission->setCurrentIndex(-1);
    m_agent->setMaxLength(64);
    m_type->setMaxLength(64);
    m_cluster->setMaxLength(64);
    m_agent->setPlaceholderText(tr("every agent"));
    m_type->setPlaceholderText(tr("every type"));
    m_cluster->setPlaceholderText(tr("every cluster"));
    for (const int days : {1, 7, kUsualDays})
        m_until->addItem(tr("%n day(s)", "", days), days);
    m_until->addItem(tr("for ever"), 0);
    m_until->setCurrentIndex(m_until->findData(kUsualDays));
    const auto field = [&parts](const QString& label, QWidget* widget) {
        widget->setAccessibleName(label);
        parts.fields->addRow(label, widget);
    };
    field(tr("Permission"), m_permission);
    field(tr("Agent"), m_agent);
    field(tr("Machine type"), m_type);
    field(tr("Cluster"), m_cluster);
    field(tr("Until"), m_until);
    for (QLineEdit* line : {m_agent, m_type, m_cluster})
        connect(line, &QLineEdit::textChanged, this, &GrantDialog::update);
    connect(m_permission, &QComboBox::currentTextChanged, this, &GrantDialog::update);
    update();
}

presenters::AccessPresenter::NewGrant GrantDialog::grant() const {
    return {m_permission->currentText(), m_agent->text().trimmed(), m_type->text().trimmed(),
            m_cluster->text().trimmed(), m_until->currentData().toInt()};
}

void GrantDialog::update() {
    const QString problem = m_presenter.problemOf(grant());
    m_hint->setText(problem);
    apply(m_forward, {problem});
}

}  // namespace ifrit::gui::pages
