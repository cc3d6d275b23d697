// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/form_dialog.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "gui/pages/page.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::pages {

FormParts buildForm(QDialog& dialog, const widgets::Theme& theme, const QString& title,
                    const QString& forward, const QString& cancel) {
    FormParts parts;
    dialog.setWindowTitle(title);
    dialog.setMinimumWidth(460);
    auto* layout = new QVBoxLayout(&dialog);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(12);
    auto* heading = new QLabel(title, &dialog);
    heading->setFont(theme.titleFont());
    layout->addWidget(heading);
    parts.fields = new QFormLayout;
    parts.fields->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    parts.fields->setHorizontalSpacing(14);
    parts.fields->setVerticalSpacing(10);
    layout->addLayout(parts.fields);
    parts.hint = widgets::mutedLabel({}, &dialog);
    parts.hint->setWordWrap(true);
    layout->addWidget(parts.hint);
    layout->addStretch(1);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    auto* close = new QPushButton(cancel, &dialog);
    close->setAutoDefault(false);
    QObject::connect(close, &QPushButton::clicked, &dialog, &QDialog::reject);
    parts.forward = primaryButton(forward, &dialog);
    QObject::connect(parts.forward, &QPushButton::clicked, &dialog, &QDialog::accept);
    row->addWidget(close);
    row->addWidget(parts.forward);
    layout->addLayout(row);
    return parts;
}

}  // namespace ifrit::gui::pages
