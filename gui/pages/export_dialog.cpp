// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/export_dialog.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QRadioButton>
#include <QVBoxLayout>

#include "gui/models/text_format.h"
#include "gui/pages/page.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::pages {

using models::grouped;

ExportDialog::ExportDialog(const QString& name, const Rows& rows, QWidget* parent)
    : QDialog(parent), m_scopes(new QButtonGroup(this)), m_targets(new QButtonGroup(this)) {
    setWindowTitle(tr("Export %1").arg(name));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(8);
    addScopes(layout, rows);
    addTargets(layout);
    addButtons(layout);
}

void ExportDialog::addChoice(QVBoxLayout* layout, QButtonGroup* group, int id,
                             const QString& text) {
    auto* button = new QRadioButton(text, this);
    group->addButton(button, id);
    layout->addWidget(button);
}

void ExportDialog::addScopes(QVBoxLayout* layout, const Rows& rows) {
    layout->addWidget(widgets::headingLabel(tr("Rows"), this));
    const auto add = [&](ExportScope scope, const QString& text) {
        addChoice(layout, m_scopes, static_cast<int>(scope), text);
    };
    add(ExportScope::Selected, tr("Selected: %1").arg(grouped(rows.selected)));
    // A list that is read by pages is read to its end first.
    add(ExportScope::Shown, rows.more ? tr("What is shown, and what is not loaded yet")
                                      : tr("What is shown: %1").arg(grouped(rows.shown)));
    if (rows.filtered) add(ExportScope::All, tr("All, without the filter"));
    apply(m_scopes->button(static_cast<int>(ExportScope::Selected)),
          {rows.selected > 0 ? QString() : tr("No row is selected.")});
    // One row is selected by being looked at.
    const bool chosen = rows.selected > 1;
    m_scopes->button(static_cast<int>(chosen ? ExportScope::Selected : ExportScope::Shown))
        ->setChecked(true);
}

void ExportDialog::addTargets(QVBoxLayout* layout) {
    QLabel* heading = widgets::headingLabel(tr("To"), this);
    heading->setContentsMargins(0, 10, 0, 0);
    layout->addWidget(heading);
    addChoice(layout, m_targets, static_cast<int>(ExportTarget::CsvFile),
              tr("a file of comma-separated values"));
    addChoice(layout, m_targets, static_cast<int>(ExportTarget::JsonLinesFile),
              tr("a file of JSON lines"));
    addChoice(layout, m_targets, static_cast<int>(ExportTarget::Clipboard),
              tr("the clipboard, as comma-separated values"));
    m_targets->button(static_cast<int>(ExportTarget::CsvFile))->setChecked(true);
}

void ExportDialog::addButtons(QVBoxLayout* layout) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 12, 0, 0);
    row->addStretch(1);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    auto* go = primaryButton(tr("Export"), this);
    go->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(go, &QPushButton::clicked, this, &QDialog::accept);
    row->addWidget(cancel);
    row->addWidget(go);
    layout->addLayout(row);
}

ExportScope ExportDialog::scope() const {
    return static_cast<ExportScope>(m_scopes->checkedId());
}

ExportTarget ExportDialog::target() const {
    return static_cast<ExportTarget>(m_targets->checkedId());
}

}  // namespace ifrit::gui::pages
