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

StatusLook StatusWords::of(domain::MachineState state) {
    using domain::MachineState;
    switch (state) {
        case MachineState::Scheduled:
            return {StatusKind::Wait, tr("scheduled")};
        case MachineState::WaitingPermit:
            return {StatusKind::Wait, tr("waiting for permit")};
        case MachineState::Downloading:
            return {StatusKind::Run, tr("downloading")};
        case MachineState::Verifying:
            return {StatusKind::Run, tr("verifying")};
        case MachineState::Installing:
            return {StatusKind::Run, tr("installing")};
        case MachineState::Watching:
            return {StatusKind::Wait, tr("watching")};
        case MachineState::Healthy:
            return {StatusKind::Ok, tr("healthy")};
        case MachineState::Already:
            return {StatusKind::Ok, tr("already")};
        case MachineState::Degraded:
            return {StatusKind::Wait, tr("degraded")};
        case MachineState::Failed:
            return {StatusKind::Fail, tr("failed")};
        case MachineState::Reverted:
            return {StatusKind::Fail, tr("reverted")};
        case MachineState::Silent:
            return {StatusKind::Silent, tr("silent")};
        case MachineState::NotApplicable:
            return {StatusKind::None, tr("not applicable")};
        case MachineState::Unmanaged:
            return {StatusKind::None, tr("unmanaged")};
        case MachineState::Unknown:
            break;
    }
    return {StatusKind::None, tr("unknown")};
}

StatusLook StatusWords::of(domain::Outcome outcome) {
    using domain::Outcome;
    switch (outcome) {
        case Outcome::Pending:
            return {StatusKind::None, tr("not yet")};
        case Outcome::Ok:
            return {StatusKind::Ok, tr("ok")};
        case Outcome::Already:
            return {StatusKind::Ok, tr("already")};
        case Outcome::Failed:
            return {StatusKind::Fail, tr("failed")};
        case Outcome::Reverted:
            return {StatusKind::Fail, tr("reverted")};
        case Outcome::Silent:
            return {StatusKind::Silent, tr("silent")};
        case Outcome::Skipped:
            return {StatusKind::None, tr("skipped")};
        case Outcome::Aborted:
            return {StatusKind::None, tr("aborted")};
    }
    return {StatusKind::None, tr("unknown")};
}

StatusLook StatusWords::of(domain::ReleaseState state) {
    using domain::ReleaseState;
    switch (state) {
        case ReleaseState::Draft:
            return {StatusKind::None, tr("draft")};
        case ReleaseState::Running:
            return {StatusKind::Run, tr("running")};
        case ReleaseState::Paused:
            return {StatusKind::Wait, tr("paused")};
        case ReleaseState::Halted:
            return {StatusKind::Fail, tr("halted")};
        case ReleaseState::RollingBack:
            return {StatusKind::Wait, tr("rolling back")};
        case ReleaseState::RolledBack:
            return {StatusKind::None, tr("rolled back")};
        case ReleaseState::Aborted:
            return {StatusKind::None, tr("aborted")};
        case ReleaseState::Done:
            return {StatusKind::Ok, tr("done")};
    }
    return {StatusKind::None, tr("unknown")};
}

StatusLook StatusWords::offline() {
    return {StatusKind::None, tr("offline")};
}

}  // namespace ifrit::gui::widgets
