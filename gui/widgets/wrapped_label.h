// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QResizeEvent>

namespace ifrit::gui::widgets {

/// A label that, where its words wrap, asks for all lines that they take at its width. A plain one
/// asks for the first: a page that is as small as it may be cuts something else by the others.
class WrappedLabel : public QLabel {
public:
    using QLabel::QLabel;
    QSize minimumSizeHint() const override {
        QSize hint = QLabel::minimumSizeHint();
        if (wordWrap() && m_width > 0) hint.setHeight(heightForWidth(m_width));
        return hint;
    }

protected:
    void resizeEvent(QResizeEvent* event) override {
        QLabel::resizeEvent(event);
        if (!wordWrap() || event->size().width() == m_width) return;
        m_width = event->size().width();
        updateGeometry();
    }

private:
    int m_width = 0;
};

}  // namespace ifrit::gui::widgets
