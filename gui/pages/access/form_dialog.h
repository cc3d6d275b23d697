// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

/// What the small forms of this page share: a title, fields, what is wrong with them, two buttons.
struct FormParts {
    QFormLayout* fields = nullptr;
    QLabel* hint = nullptr;
    QPushButton* forward = nullptr;
};
FormParts buildForm(QDialog& dialog, const widgets::Theme& theme, const QString& title,
                    const QString& forward, const QString& cancel);

}  // namespace ifrit::gui::pages
