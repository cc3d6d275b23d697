// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

/// Shows a password or a token once; it is kept nowhere.
class SecretDialog : public QDialog {
    Q_OBJECT
public:
    struct Words {
        QString title;
        QString heading;  ///< whose it is, or what for
        QString note;     ///< what to do with it
        QString secret;
    };
    SecretDialog(const widgets::Theme& theme, const Words& words, QWidget* parent);
    /// A password that the master made.
    SecretDialog(const widgets::Theme& theme, const QString& whose, const QString& secret,
                 QWidget* parent);
};

}  // namespace ifrit::gui::pages
