// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPixmap>
#include <QStringList>
#include <QTimer>

#include <optional>

#include "gui/app/main_window.h"
#include "gui/app/picture_scenes.h"

namespace ifrit::gui::app {

/// What --screenshot-dir and its companions say.
struct PictureWishes {
    QString directory;
    QString begin;          ///< a file: not before it exists; empty: at once
    QStringList scenes;     ///< empty: all
    QStringList languages;  ///< "en", "zh_CN"
    QList<widgets::ThemeChoice> themes;
};

/// Takes a picture of each scene as soon as it has something to show, in every language and theme
/// that was asked for, then ends the program. A scene that shows nothing within the limit is an
/// error, told on stderr.
class Screenshots : public QObject {
    Q_OBJECT
public:
    Screenshots(Desktop& desktop, widgets::Theme& theme, MainWindow& window, PictureWishes wishes);
    void start();

Q_SIGNALS:
    /// 0: all taken.
    void finished(int exitCode);

private:
    struct Shot {
        std::size_t scene = 0;
        QString language;
        widgets::ThemeChoice theme = widgets::ThemeChoice::Light;
    };
    void queue(bool leavingTraces);
    void next();
    void poll();
    void take();
    void fail(const QString& why);
    QString nameOf(const Shot& shot) const;
    /// The window, and over it the dialogs that stand before it.
    QPixmap picture() const;

    widgets::Theme& m_theme;
    MainWindow& m_window;
    PictureWishes m_wishes;
    PictureScenes m_scenes;
    QList<Shot> m_shots;
    std::optional<Shot> m_shot;
    QTimer m_poll;
    bool m_arranged = false;
    int m_waitedMs = 0;  ///< for the data, then for what was arranged
};

}  // namespace ifrit::gui::app
