// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/status_look.h"

#include <QPainter>
#include <QPainterPath>

namespace ifrit::gui::widgets {
namespace {

void paintCheck(QPainter& painter, const QRectF& box) {
    QPainterPath path;
    path.moveTo(box.left() + box.width() * 0.14, box.top() + box.height() * 0.54);
    path.lineTo(box.left() + box.width() * 0.40, box.top() + box.height() * 0.80);
    path.lineTo(box.left() + box.width() * 0.88, box.top() + box.height() * 0.22);
    painter.drawPath(path);
}

void paintTriangle(QPainter& painter, const QRectF& box) {
    QPainterPath path;
    path.moveTo(box.left() + box.width() * 0.16, box.top() + box.height() * 0.08);
    path.lineTo(box.left() + box.width() * 0.94, box.center().y());
    path.lineTo(box.left() + box.width() * 0.16, box.top() + box.height() * 0.92);
    path.closeSubpath();
    painter.fillPath(path, painter.pen().color());
}

void paintClock(QPainter& painter, const QRectF& box) {
    painter.drawEllipse(box.adjusted(0.8, 0.8, -0.8, -0.8));
    const QPointF middle = box.center();
    painter.drawLine(middle, {middle.x(), box.top() + box.height() * 0.24});
    painter.drawLine(middle, {box.left() + box.width() * 0.72, middle.y()});
}

void paintCross(QPainter& painter, const QRectF& box) {
    const QRectF inner = box.adjusted(box.width() * 0.16, box.height() * 0.16, -box.width() * 0.16,
                                      -box.height() * 0.16);
    painter.drawLine(inner.topLeft(), inner.bottomRight());
    painter.drawLine(inner.topRight(), inner.bottomLeft());
}

void paintDottedRing(QPainter& painter, const QRectF& box) {
    QPen pen = painter.pen();
    pen.setDashPattern({0.1, 1.9});
    pen.setCapStyle(Qt::RoundCap);
    painter.setPen(pen);
    painter.drawEllipse(box.adjusted(0.8, 0.8, -0.8, -0.8));
}

}  // namespace

Token textToken(StatusKind kind) {
    switch (kind) {
        case StatusKind::Ok:
            return Token::OkText;
        case StatusKind::Run:
            return Token::RunText;
        case StatusKind::Wait:
            return Token::WaitText;
        case StatusKind::Fail:
            return Token::FailText;
        case StatusKind::Silent:
            return Token::SilentText;
        case StatusKind::None:
            break;
    }
    return Token::NoneText;
}

Token fillToken(StatusKind kind) {
    switch (kind) {
        case StatusKind::Ok:
            return Token::OkFill;
        case StatusKind::Run:
            return Token::RunFill;
        case StatusKind::Wait:
            return Token::WaitFill;
        case StatusKind::Fail:
            return Token::FailFill;
        case StatusKind::Silent:
            return Token::SilentFill;
        case StatusKind::None:
            break;
    }
    return Token::NoneFill;
}

void paintShape(QPainter& painter, StatusKind kind, const QRectF& box, const QColor& color) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1.7, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    switch (kind) {
        case StatusKind::Ok:
            paintCheck(painter, box);
            break;
        case StatusKind::Run:
            paintTriangle(painter, box);
            break;
        case StatusKind::Wait:
            paintClock(painter, box);
            break;
        case StatusKind::Fail:
            paintCross(painter, box);
            break;
        case StatusKind::Silent:
            paintDottedRing(painter, box);
            break;
        case StatusKind::None:
            painter.setBrush(color);
            painter.drawEllipse(box.center(), 1.0, 1.0);
            break;
    }
    painter.restore();
}

}  // namespace ifrit::gui::widgets
