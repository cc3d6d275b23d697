// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/log_dock.h"

#include <QAbstractButton>
#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

#include "gui/models/selection_keeper.h"
#include "gui/models/table_role.h"
#include "gui/models/text_format.h"
#include "gui/presenters/filter_count.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/filter_line.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::app {
namespace {

constexpr int kLeastHeight = 140;

/// Qt names the buttons of a dock once, in the language of its start, and keeps them as small as
/// their pictures, whatever the style sheet says. The names are those of qdockwidget.cpp.
void shapeButton(const QDockWidget& dock, const QString& button, const QString& name) {
    auto* found = dock.findChild<QAbstractButton*>(button);
    if (found == nullptr) return;
    found->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    found->setAccessibleName(name);
    found->setAccessibleDescription(QStringLiteral("%1: %2").arg(dock.windowTitle(), name));
}

}  // namespace

LogDock::LogDock(const QString& name, const widgets::Theme& theme, QAbstractItemModel& model,
                 std::function<void(const QString&)> filter, QWidget* parent)
    : QDockWidget(parent),
      m_filterRows(std::move(filter)),
      m_filter(new widgets::FilterLine(this)),
      m_kept(widgets::mutedLabel({}, this)),
      m_button(new QPushButton(this)),
      m_table(new widgets::DataTable(theme, this)) {
    setObjectName(name);
    m_table->setObjectName(name + QStringLiteral("-table"));
    m_kept->setObjectName(name + QStringLiteral("-kept"));
    m_button->setObjectName(name + QStringLiteral("-button"));
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(12, 6, 12, 8);
    column->setSpacing(6);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_filter, 1);
    row->addWidget(m_kept);
    row->addWidget(m_button);
    column->addLayout(row);
    m_table->setModel(&model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setMinimumHeight(kLeastHeight);
    m_table->fitColumns();
    column->addWidget(m_table, 1);
    setWidget(content);
    connectParts();
}

void LogDock::connectParts() {
    auto* model = m_table->model();
    new models::SelectionKeeper(m_table->selectionModel(), [model](const QString& key) {
        for (int at = 0; at < model->rowCount(); ++at) {
            if (model->index(at, 0).data(models::KeyRole).toString() == key) return at;
        }
        return -1;
    });
    connect(m_filter, &widgets::FilterLine::filtered, this, [this](const QString& text) {
        m_filterRows(text);
        applyEmpty();
    });
    connect(m_filter, &widgets::FilterLine::listWanted, this, [this] {
        m_table->setFocus();
        if (!m_table->currentIndex().isValid() && m_table->model()->rowCount() > 0)
            m_table->selectRow(0);
    });
}

int LogDock::row() const {
    return m_table->currentIndex().row();
}

void LogDock::setWords(const QString& title, const QString& placeholder, const QString& filterName,
                       const QString& empty, const QString& unmatched) {
    setWindowTitle(title);
    shapeButton(*this, QStringLiteral("qt_dockwidget_closebutton"), tr("Close"));
    shapeButton(*this, QStringLiteral("qt_dockwidget_floatbutton"), tr("Float"));
    m_table->setAccessibleName(title);
    m_filter->setWords(placeholder, filterName);
    m_empty = empty;
    m_unmatched = unmatched;
    applyEmpty();
}

void LogDock::applyEmpty() {
    m_table->setEmptyText(m_filter->filters() ? m_unmatched : m_empty);
}

void LogDock::say(std::size_t all, std::size_t most) {
    const auto rows = static_cast<qint64>(all);
    m_kept->setText(
        rows == 0 ? QString()
                  : tr("%1 kept; at most %2, then the oldest are dropped")
                        .arg(models::grouped(rows), models::grouped(static_cast<qint64>(most))));
    m_kept->setVisible(rows != 0);
    m_filter->setCount(m_filter->filters()
                           ? presenters::countText(m_table->model()->rowCount(), rows, false)
                           : QString());
}

bool LogDock::hasKeyboard() const {
    const QWidget* focus = QApplication::focusWidget();
    return focus != nullptr && isAncestorOf(focus);
}

void LogDock::focusFilter() {
    m_filter->focusLine();
}

bool LogDock::clearFilter() {
    const bool filters = m_filter->filters();
    m_filter->clear();
    return filters;
}

}  // namespace ifrit::gui::app
