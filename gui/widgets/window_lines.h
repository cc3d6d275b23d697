// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include "gui/widgets/status_look.h"

namespace ifrit::gui::widgets {

class Theme;

/// The window's first line: the place at the left, the connection at the right. A production
/// connection says so in words and with a coloured line.
class TitleLine : public QWidget {
    Q_OBJECT
public:
    TitleLine(const Theme& theme, QWidget* parent);
    void setPlace(const QString& place);
    void setConnection(const QString& text, bool production);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QString m_place;
    QString m_connection;
    bool m_production = false;
};

/// The window's last line: connection, generation, counts; time zone and keys at the right.
class StatusLine : public QWidget {
    Q_OBJECT
public:
    StatusLine(const Theme& theme, QWidget* parent);
    void setConnection(const StatusLook& look);
    void setFacts(const QStringList& facts);
    /// The facts are of before the contact was lost: struck through.
    void setOld(bool old);
    void setTimeZone(const QString& zone);
    /// Of the connection at its begin, with the room around it.
    int connectionWidth() const;
    /// So much of its end a note lies over: words that would be half behind it are left out.
    void setCovered(int wide);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    StatusLook m_look;
    QStringList m_facts;
    bool m_old = false;
    QString m_zone;
    int m_covered = 0;
};

}  // namespace ifrit::gui::widgets
