// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QRectF>
#include <QString>

#include "gui/widgets/palette.h"
#include "shared/domain/machine.h"
#include "shared/domain/release.h"

class QPainter;

namespace ifrit::gui::widgets {

/// What a person tells apart at a glance: each has a shape, a colour and, with the words below, a
/// name; none rests on colour alone.
enum class StatusKind { Ok, Run, Wait, Fail, Silent, None };

Token textToken(StatusKind kind);
Token fillToken(StatusKind kind);

/// Check, triangle, clock, cross, dotted ring, dot; inside `box`, in the painter's own colour.
void paintShape(QPainter& painter, StatusKind kind, const QRectF& box, const QColor& color);

struct StatusLook {
    StatusKind kind = StatusKind::None;
    QString word;
};

/// Kind and translated word of each state.
class StatusWords {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::widgets::StatusWords)
public:
    static StatusLook of(domain::MachineState state);
    static StatusLook of(domain::Outcome outcome);
    static StatusLook of(domain::ReleaseState state);
    static StatusLook offline();
};

}  // namespace ifrit::gui::widgets
