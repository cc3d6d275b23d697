// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/access/user_list_tab.h"

#include <QVBoxLayout>

#include "gui/widgets/data_table.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::pages {

UserListTab::UserListTab(const widgets::Theme& theme, const QString& name,
                         QAbstractItemModel& model, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_note(widgets::mutedLabel({}, this)),
      m_filter(new widgets::FilterLine(this)),
      m_table(new widgets::DataTable(theme, this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 0);
    m_note->setWordWrap(true);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_note->hide();
    column->addWidget(m_note);
    column->addWidget(m_filter);
    column->addWidget(m_table, 1);
    m_table->setModel(&model);
    m_table->setObjectName(name);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &UserListTab::rowChosen);
}

void UserListTab::addVerbs(const QList<QPushButton*>& verbs, const QList<QPushButton*>& all) {
    m_verbs = verbs + all;
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    for (QPushButton* verb : verbs)
        row->addWidget(verb);
    row->addStretch(1);
    for (QPushButton* verb : all)
        row->addWidget(verb);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
}

int UserListTab::row() const {
    return m_table->currentIndex().row();
}

void UserListTab::say(const QString& note, const QString& empty, const QString& count) {
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_table->setEmptyText(empty);
    m_filter->setCount(count);
}

}  // namespace ifrit::gui::pages
