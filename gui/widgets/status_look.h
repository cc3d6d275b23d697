// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

#include "gui/models/status_words.h"
#include "gui/widgets/palette.h"

class QPainter;

namespace ifrit::gui::widgets {

using models::StatusKind;
using models::StatusLook;

Token textToken(StatusKind kind);
Token fillToken(StatusKind kind);

/// Check, triangle, clock, cross, dotted ring, dot; inside `box`, in the painter's own colour.
void paintShape(QPainter& painter, StatusKind kind, const QRectF& box, const QColor& color);

}  // namespace ifrit::gui::widgets
