// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QString>

namespace ifrit::gui::widgets {

class Theme;

/// An icon of ours (resources/icons/<name>.svg), drawn in the token's colour; sharp at any scale.
QIcon icon(const QString& name, const QColor& color);

}  // namespace ifrit::gui::widgets
