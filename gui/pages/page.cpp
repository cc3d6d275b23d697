// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/page.h"

#include <QApplication>
#include <QEvent>
#include <QStackedWidget>
#include <QTabWidget>

#include "gui/pages/table_export.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/filter_line.h"

namespace ifrit::gui::pages {
namespace {

/// A button that is disabled while it has the keyboard hands it to the next control, wherever that
/// is: the key that was meant for the page would open another one.
void keepKeyboard(const QWidget& button) {
    for (QWidget* at = button.parentWidget(); at != nullptr; at = at->parentWidget()) {
        if (auto* page = qobject_cast<Page*>(at)) return page->focusContent();
        if (at->isWindow()) return;
    }
}

}  // namespace

void Page::changeEvent(QEvent* event) {
    PageFrame::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) retranslate();
}

void Page::focusContent() {
    for (auto* table : findChildren<widgets::DataTable*>()) {
        // Before the window is shown, too: it begins with the keyboard there.
        if (!table->isVisibleTo(this)) continue;
        table->setFocus();
        return;
    }
    // Not on whatever control comes first: keys of the page work at once.
    setFocus();
}

// Whoever waits at the page for its content need not look for it then.
void Page::contentShown() {
    // The window may not be the active one yet.
    if (window()->focusWidget() == this) focusContent();
}

void Page::setKeyNames(std::function<QString(const QString&)> names) {
    m_keyNames = std::move(names);
    retranslate();
}

QString Page::withKey(const QString& text, const QString& command) const {
    const QString key = m_keyNames ? m_keyNames(command) : QString();
    return key.isEmpty() ? text : text + QStringLiteral("  ") + key;
}

void Page::offer(const QList<QPushButton*>& buttons, const std::function<QString()>& subject) {
    for (QPushButton* button : buttons)
        m_offered.push_back({button, subject});
}

bool Page::canPress(const QPushButton& button) const {
    if (!button.isEnabled()) return false;
    for (const QWidget* at = &button; at != nullptr && at != this; at = at->parentWidget()) {
        // Of a page that was not shown yet nothing is, though nobody has hidden it.
        const bool isAway = at->isHidden() && at->testAttribute(Qt::WA_WState_ExplicitShowHide);
        if (isAway && qobject_cast<const QStackedWidget*>(at->parentWidget()) == nullptr)
            return false;
    }
    return true;
}

void Page::press(QPushButton& button) {
    for (QWidget* at = &button; at != nullptr && at != this; at = at->parentWidget()) {
        auto* tabs = qobject_cast<QTabWidget*>(at);
        for (int i = 0; tabs != nullptr && i < tabs->count(); ++i) {
            if (tabs->widget(i)->isAncestorOf(&button)) tabs->setCurrentIndex(i);
        }
    }
    button.click();
}

void Page::answerNotice(const NoticeSteps& steps) {
    connect(this, &PageFrame::noticeActed, this, [this, steps] {
        if (shownState() == models::ViewState::EmptyByFilter && steps.clearFilter)
            steps.clearFilter();
        else if (shownState() == models::ViewState::Empty && steps.begin)
            steps.begin();
        else
            readAgain();
    });
}

// Else the wait for the next attempt, of minutes at worst, would go on.
void Page::readAgain() {
    Q_EMIT lineWanted();
    refresh();
}

void Page::connectFilter(const widgets::FilterLine& line, widgets::DataTable& table) {
    connect(&line, &widgets::FilterLine::listWanted, this, [&table] {
        table.setFocus();
        if (!table.currentIndex().isValid() && table.model()->rowCount() > 0) table.selectRow(0);
    });
}

void Page::exportRows() {
    const widgets::DataTable* chosen = nullptr;
    for (const auto* table : findChildren<widgets::DataTable*>()) {
        if (!table->isVisible()) continue;
        if (chosen == nullptr || table->hasFocus()) chosen = table;
    }
    if (chosen == nullptr) return;
    exportTable(exportOf(*chosen), this);
}

ExportTable Page::exportOf(const widgets::DataTable& table) const {
    const QString name = table.accessibleName();
    return {table.model(), table.selectionModel(), name.isEmpty() ? title() : name, {}, {}};
}

void apply(QWidget* control, const presenters::Action& action, const QString& toolTip) {
    // Also of a window behind a dialog, which has the keyboard there when that is closed.
    if (!action.enabled() && control->window()->focusWidget() == control) keepKeyboard(*control);
    control->setEnabled(action.enabled());
    const QString text = action.enabled() ? toolTip : action.whyNot;
    control->setToolTip(text);
    control->setAccessibleDescription(text);
}

QLabel* bannerLabel(QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(QStringLiteral("frozen"));
    label->setProperty("look", QLatin1String("fail"));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->hide();
    return label;
}

QPushButton* dangerButton(const QString& text, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setProperty("look", QLatin1String("danger"));
    return button;
}

QPushButton* primaryButton(const QString& text, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setProperty("look", QLatin1String("primary"));
    return button;
}

}  // namespace ifrit::gui::pages
