// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/splitter.h"

#include <QCoreApplication>
#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

constexpr int kGripLong = 36;
constexpr int kGripThick = 4;

class Grip final : public QSplitterHandle {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::widgets::Splitter)
public:
    Grip(const Theme& theme, Qt::Orientation orientation, Splitter* parent)
        : QSplitterHandle(orientation, parent), m_theme(theme), m_splitter(*parent) {
        // Whoever drags it keeps the keyboard where it is.
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
        connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
        retranslate();
    }

protected:
    void changeEvent(QEvent* event) override {
        QSplitterHandle::changeEvent(event);
        if (event->type() == QEvent::LanguageChange) retranslate();
    }
    void mousePressEvent(QMouseEvent* event) override {
        if (event->button() == Qt::LeftButton) Q_EMIT m_splitter.taken();
        QSplitterHandle::mousePressEvent(event);
    }
    void mouseReleaseEvent(QMouseEvent* event) override {
        QSplitterHandle::mouseReleaseEvent(event);
        if (event->button() == Qt::LeftButton) Q_EMIT m_splitter.released();
    }
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void retranslate() {
        setAccessibleName(tr("Divider"));
        setAccessibleDescription(tr("The arrow keys move it."));
    }
    bool isUpright() const { return orientation() == Qt::Vertical; }

    const Theme& m_theme;
    Splitter& m_splitter;
};

void Grip::keyPressEvent(QKeyEvent* event) {
    const int at = isUpright() ? y() : x();
    const int back = isUpright() ? Qt::Key_Up : Qt::Key_Left;
    const int on = isUpright() ? Qt::Key_Down : Qt::Key_Right;
    if (event->modifiers().testFlag(Qt::AltModifier) ||
        (event->key() != back && event->key() != on)) {
        QSplitterHandle::keyPressEvent(event);
        return;
    }
    Q_EMIT m_splitter.taken();
    moveSplitter(event->key() == back ? at - Splitter::kStep : at + Splitter::kStep);
    Q_EMIT m_splitter.released();
}

void Grip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool lit = hasFocus() || underMouse();
    QRectF grip(0, 0, isUpright() ? kGripLong : kGripThick, isUpright() ? kGripThick : kGripLong);
    grip.moveCenter(QRectF(rect()).center());
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(lit ? Token::Accent : Token::Muted));
    painter.drawRoundedRect(grip, kGripThick / 2.0, kGripThick / 2.0);
    if (!hasFocus()) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(m_theme.color(Token::Accent));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
}

}  // namespace

Splitter::Splitter(const Theme& theme, Qt::Orientation orientation, QWidget* parent)
    : QSplitter(orientation, parent), m_theme(theme) {
    setHandleWidth(kHandle);
    setChildrenCollapsible(false);
    // Not by setSizes().
    connect(this, &QSplitter::splitterMoved, this, [this] { m_isMoved = true; });
}

void Splitter::shareOut(const QList<int>& sizes) {
    m_shares = sizes;
    setSizes(sizes);
}

void Splitter::resizeEvent(QResizeEvent* event) {
    QSplitter::resizeEvent(event);
    if (m_shares.isEmpty() || m_isMoved || widget(1)->isHidden()) return;
    const int room = (orientation() == Qt::Horizontal ? width() : height()) - handleWidth();
    const int second = std::min(m_shares[1], room * m_shares[1] / (m_shares[0] + m_shares[1]));
    setSizes({room - second, second});
}

QSplitterHandle* Splitter::createHandle() {
    return new Grip(m_theme, orientation(), this);
}

}  // namespace ifrit::gui::widgets
