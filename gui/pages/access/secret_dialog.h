// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

/// Shows a password once; it is kept nowhere.
class SecretDialog : public QDialog {
    Q_OBJECT
public:
    SecretDialog(const widgets::Theme& theme, const QString& whose, const QString& secret,
                 QWidget* parent);
};

}  // namespace ifrit::gui::pages
