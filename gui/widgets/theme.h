// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QObject>
#include <QString>

#include "gui/widgets/palette.h"

class QApplication;

namespace ifrit::gui::widgets {

enum class ThemeChoice { System, Light, Dark };

/// Colours and fonts of the running program; one object, handed to what paints. GUI thread.
class Theme : public QObject {
    Q_OBJECT
public:
    explicit Theme(QApplication& application);

    /// Applies at once, to every widget; System follows the desktop's own palette.
    void choose(ThemeChoice choice);
    ThemeChoice choice() const { return m_choice; }
    Mode mode() const { return m_mode; }
    QColor color(Token token) const { return colorOf(token, m_mode); }

    QFont textFont() const;       ///< 13 px
    QFont smallFont() const;      ///< 12 px
    QFont monospaceFont() const;  ///< 12 px
    QFont titleFont() const;      ///< 17 px, semibold
    QFont figureFont() const;     ///< 20 px, semibold

Q_SIGNALS:
    void changed();

private:
    void apply();
    QString styleSheet() const;

    QApplication& m_application;
    ThemeChoice m_choice = ThemeChoice::System;
    Mode m_mode = Mode::Light;
    Mode m_systemMode = Mode::Light;
    QString m_family;
    QString m_monospaceFamily;
};

}  // namespace ifrit::gui::widgets
