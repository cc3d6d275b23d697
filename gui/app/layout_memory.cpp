// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/layout_memory.h"

#include <QMainWindow>
#include <QSplitter>

#include "gui/widgets/data_table.h"
#include "gui/widgets/data_tree.h"
#include "gui/widgets/splitter.h"

namespace ifrit::gui::app {
namespace {

// Another where docks or the columns of a table are others: what was kept would not fit.
constexpr int kForm = 4;

QString key(const QString& name) {
    return QStringLiteral("layout/") + name;
}

QString tightKey(const QSplitter& splitter) {
    return key(splitter.objectName() + QStringLiteral("-tight"));
}

/// Before its handles: what it is not lets them go so far.
void setTight(QSplitter* splitter, bool tight) {
    if (auto* own = qobject_cast<widgets::Splitter*>(splitter)) own->setTight(tight);
}

void setMoved(QSplitter* splitter, bool moved) {
    if (auto* own = qobject_cast<widgets::Splitter*>(splitter)) own->setMoved(moved);
}

QString closedKey(const widgets::DataTree& tree) {
    return key(tree.objectName() + QStringLiteral("-closed"));
}

}  // namespace

bool LayoutMemory::isKept() const {
    return m_settings.value(key(QStringLiteral("form"))).toInt() == kForm;
}

void LayoutMemory::restore(QMainWindow& window, QMainWindow& area) {
    if (isKept()) {
        window.restoreGeometry(m_settings.value(key(QStringLiteral("window"))).toByteArray());
        area.restoreState(m_settings.value(key(QStringLiteral("docks"))).toByteArray(), kForm);
    }
    restoreIn(window);
}

void LayoutMemory::restoreIn(QWidget& part) {
    for (const auto* splitter : part.findChildren<QSplitter*>()) {
        if (!m_firstHandles.contains(splitter->objectName()))
            m_firstHandles.insert(splitter->objectName(), splitter->saveState());
    }
    if (!isKept()) return;
    for (auto* splitter : part.findChildren<QSplitter*>()) {
        if (splitter->objectName().isEmpty()) continue;
        setTight(splitter, m_settings.value(tightKey(*splitter)).toBool());
        const QByteArray state = m_settings.value(key(splitter->objectName())).toByteArray();
        if (splitter->restoreState(state)) setMoved(splitter, true);
    }
    for (auto* table : part.findChildren<widgets::DataTable*>()) {
        if (!table->objectName().isEmpty()) {
            table->restoreColumns(m_settings.value(key(table->objectName())).toByteArray());
        }
    }
    for (auto* tree : part.findChildren<widgets::DataTree*>()) {
        tree->restoreColumns(m_settings.value(key(tree->objectName())).toByteArray());
        tree->setClosed(m_settings.value(closedKey(*tree)).toStringList());
    }
}

void LayoutMemory::save(QMainWindow& window, QMainWindow& area) {
    // What is not written anew must not pass for one of this form.
    if (!isKept()) forget();
    m_settings.setValue(key(QStringLiteral("form")), kForm);
    m_settings.setValue(key(QStringLiteral("window")), window.saveGeometry());
    m_settings.setValue(key(QStringLiteral("docks")), area.saveState(kForm));
    for (const auto* splitter : window.findChildren<QSplitter*>()) {
        if (splitter->objectName().isEmpty()) continue;
        const auto* own = qobject_cast<const widgets::Splitter*>(splitter);
        // What nobody has moved follows the room, and not what it was on another screen.
        if (own != nullptr && own->sharesOut() && !own->isMoved())
            m_settings.remove(key(splitter->objectName()));
        else
            m_settings.setValue(key(splitter->objectName()), splitter->saveState());
        if (own != nullptr) m_settings.setValue(tightKey(*splitter), own->isTight());
    }
    for (const auto* table : window.findChildren<widgets::DataTable*>()) {
        const QByteArray columns = table->columns();
        if (!table->objectName().isEmpty() && !columns.isEmpty()) {
            m_settings.setValue(key(table->objectName()), columns);
        }
    }
    for (const auto* tree : window.findChildren<widgets::DataTree*>()) {
        const QByteArray columns = tree->columns();
        if (!columns.isEmpty()) m_settings.setValue(key(tree->objectName()), columns);
        m_settings.setValue(closedKey(*tree), tree->closed());
    }
    m_settings.sync();
}

void LayoutMemory::forget() {
    m_settings.remove(QStringLiteral("layout"));
    m_settings.sync();
}

void LayoutMemory::resetHandles(const QMainWindow& window) {
    for (auto* splitter : window.findChildren<QSplitter*>()) {
        setTight(splitter, false);
        setMoved(splitter, false);
        splitter->restoreState(m_firstHandles.value(splitter->objectName()));
    }
}

}  // namespace ifrit::gui::app
