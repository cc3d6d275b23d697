// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/flow_layout.h"

#include <algorithm>

namespace ifrit::gui::widgets {

FlowLayout::FlowLayout(int spacing) {
    setSpacing(spacing);
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout() {
    qDeleteAll(m_items);
}

void FlowLayout::addItem(QLayoutItem* item) {
    m_items.append(item);
}

QLayoutItem* FlowLayout::takeAt(int index) {
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

int FlowLayout::heightForWidth(int width) const {
    return arrange({0, 0, width, 0}, Do::Measure);
}

QSize FlowLayout::sizeHint() const {
    QSize out(0, 0);
    for (const QLayoutItem* item : m_items) {
        if (item->isEmpty()) continue;
        const QSize size = item->sizeHint();
        out = {out.width() + size.width() + (out.isEmpty() ? 0 : spacing()),
               std::max(out.height(), size.height())};
    }
    return out;
}

QSize FlowLayout::minimumSize() const {
    QSize out(0, 0);
    for (const QLayoutItem* item : m_items) {
        if (!item->isEmpty()) out = out.expandedTo(item->minimumSize());
    }
    return out;
}

void FlowLayout::setGeometry(const QRect& rect) {
    QLayout::setGeometry(rect);
    arrange(rect, Do::Place);
}

int FlowLayout::arrange(const QRect& rect, Do what) const {
    int x = rect.x();
    int y = rect.y();
    int line = 0;  // its height
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty()) continue;
        const QSize size = item->sizeHint();
        if (line > 0 && x + size.width() > rect.x() + rect.width()) {
            x = rect.x();
            y += line + spacing();
            line = 0;
        }
        if (what == Do::Place) item->setGeometry({{x, y}, size});
        x += size.width() + spacing();
        line = std::max(line, size.height());
    }
    return y + line - rect.y();
}

}  // namespace ifrit::gui::widgets
