// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/secret_dialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "gui/widgets/open_dialogs.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

SecretDialog::SecretDialog(const widgets::Theme& theme, const QString& whose, const QString& secret,
                           QWidget* parent)
    : SecretDialog(
          theme,
          {tr("New password"), tr("Password of %1").arg(whose),
           tr("It is shown once and kept nowhere. Hand it over on a way that only %1 reads.")
               .arg(whose),
           secret},
          parent) {}

SecretDialog::SecretDialog(const widgets::Theme& theme, const Words& words, QWidget* parent)
    : QDialog(parent) {
    setWindowTitle(words.title);
    setMinimumWidth(440);
    widgets::OpenDialogs::keep(*this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(12);
    auto* title = new QLabel(words.heading, this);
    title->setFont(theme.titleFont());
    title->setTextFormat(Qt::PlainText);
    title->setWordWrap(true);
    layout->addWidget(title);
    auto* field = new QLineEdit(words.secret, this);
    field->setReadOnly(true);
    field->setFont(theme.monospaceFont());
    field->setAccessibleName(words.heading);
    layout->addWidget(field);
    auto* note = widgets::mutedLabel(words.note, this);
    note->setWordWrap(true);
    layout->addWidget(note);
    auto* row = new QHBoxLayout;
    auto* copy = new QPushButton(tr("Copy"), this);
    connect(copy, &QPushButton::clicked, this,
            [secret = words.secret] { QGuiApplication::clipboard()->setText(secret); });
    // Enter keeps what is shown once, and loses it nowhere.
    copy->setDefault(true);
    copy->setFocus();
    auto* close = new QPushButton(tr("Close"), this);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(copy);
    row->addStretch(1);
    row->addWidget(close);
    layout->addLayout(row);
}

}  // namespace ifrit::gui::pages
