// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QObject>
#include <QStringList>

#include <functional>

#include "gui/widgets/palette.h"

class QApplication;

namespace ifrit::gui::widgets {

enum class ThemeChoice { System, Light, Dark };

/// Colours and fonts of the running program; one object, handed to what paints. GUI thread.
class Theme : public QObject {
    Q_OBJECT
public:
    /// What the desktop around the program uses now.
    using SystemMode = std::function<Mode()>;
    /// `systemMode` is asked at start and whenever the desktop changes its theme; empty: the
    /// palette of the platform.
    explicit Theme(QApplication& application, SystemMode systemMode = {});

    /// Applies at once, to every widget; System follows the desktop's own palette, also when that
    /// changes while the program runs.
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

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void followSystem();
    void apply();
    QString styleSheet() const;

    QApplication& m_application;
    SystemMode m_readSystem;
    bool m_following = false;  ///< a look at the system's theme is due
    ThemeChoice m_choice = ThemeChoice::System;
    Mode m_mode = Mode::Light;
    Mode m_systemMode = Mode::Light;
    QStringList m_families;
    QStringList m_monospaceFamilies;
};

}  // namespace ifrit::gui::widgets
