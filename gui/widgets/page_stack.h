// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QEvent>
#include <QResizeEvent>
#include <QStackedWidget>

namespace ifrit::gui::widgets {

/// What a scroll area holds of a stack of pages: as large as the area, and never smaller than the
/// page that is shown needs. A stack by itself asks for the room that the largest of all its pages
/// would like to have. Takes the stack over.
class PageRoom : public QWidget {
    Q_OBJECT
public:
    explicit PageRoom(QStackedWidget* stack) : m_stack(stack) {
        m_stack->setParent(this);
        connect(m_stack, &QStackedWidget::currentChanged, this, [this] { updateGeometry(); });
    }
    QSize minimumSizeHint() const override {
        const QWidget* page = m_stack->currentWidget();
        return page == nullptr ? QSize() : page->minimumSizeHint();
    }
    QSize sizeHint() const override { return minimumSizeHint(); }

protected:
    bool event(QEvent* event) override {
        // A page needs more, or less, than before.
        if (event->type() == QEvent::LayoutRequest) updateGeometry();
        return QWidget::event(event);
    }
    void resizeEvent(QResizeEvent* event) override {
        QWidget::resizeEvent(event);
        m_stack->resize(size());
    }

private:
    QStackedWidget* m_stack;
};

}  // namespace ifrit::gui::widgets
