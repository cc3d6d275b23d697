// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/new_token_dialog.h"

#include "gui/pages/access/form_dialog.h"
#include "gui/pages/page.h"

namespace ifrit::gui::pages {

using presenters::TokensPresenter;

NewTokenDialog::NewTokenDialog(const widgets::Theme& theme, TokensPresenter& presenter,
                               QWidget* parent)
    : QDialog(parent),
      m_presenter(presenter),
      m_label(new QLineEdit(this)),
      m_for(new QComboBox(this)) {
    const FormParts parts = buildForm(*this, theme, tr("Make a token"), tr("Go on…"), tr("Cancel"));
    m_hint = parts.hint;
    m_forward = parts.forward;
    m_label->setPlaceholderText(tr("as: nightly report"));
    const int usual = TokensPresenter::NewToken().days;
    for (const int days : {1, 7, usual, TokensPresenter::kMostDays})
        m_for->addItem(tr("%n day(s)", "", days), days);
    m_for->setCurrentIndex(m_for->findData(usual));
    const auto field = [&parts](const QString& label, QWidget* widget) {
        widget->setAccessibleName(label);
        parts.fields->addRow(label, widget);
    };
    field(tr("What it is for"), m_label);
    field(tr("Good for"), m_for);
    connect(m_label, &QLineEdit::textChanged, this, &NewTokenDialog::update);
    update();
}

TokensPresenter::NewToken NewTokenDialog::token() const {
    return {m_label->text().trimmed(), m_for->currentData().toInt()};
}

void NewTokenDialog::update() {
    const QString problem = m_presenter.problemOf(token());
    m_hint->setText(problem);
    apply(m_forward, {problem});
}

}  // namespace ifrit::gui::pages
