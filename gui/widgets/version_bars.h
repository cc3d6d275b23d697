// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

#include "gui/models/version_spread.h"

namespace ifrit::gui::widgets {

class Theme;

/// A bar for each version of an agent: machines that run it and stay, those that are to change, and
/// those that are to come. A click on a bar opens it; Up and Down go from bar to bar, Enter opens.
/// As tall as it has bars: for a scroll area.
class VersionBars : public QWidget {
    Q_OBJECT
public:
    VersionBars(const Theme& theme, QWidget* parent);
    /// `title`: its accessible name. `marked`: the one that the page is about; -1: none.
    void setVersions(const QString& title, const std::vector<models::VersionSpread>& versions,
                     int marked);
    /// What it shows is old: the bars are drawn pale.
    void setOld(bool old);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    /// -1: no bar is at this height.
    int barAt(int y) const;
    /// In the widget's own coordinates.
    QRect placeOf(int bar) const;

Q_SIGNALS:
    void opened(int bar);
    /// The keyboard went to this bar.
    void reached(int bar);

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    static QString describe(const models::VersionSpread& version);
    static QString figuresOf(const models::VersionSpread& version);
    void describeAll();
    void measure();
    void paintLegend(QPainter& painter) const;
    void paintVersion(QPainter& painter, int bar) const;
    void paintBar(QPainter& painter, int bar, const QRectF& room) const;

    const Theme& m_theme;
    QString m_title;
    std::vector<models::VersionSpread> m_versions;
    std::uint64_t m_most = 0;  ///< machines of the longest bar
    int m_nameWidth = 0;
    int m_figureWidth = 0;
    int m_marked = -1;
    int m_current = -1;
    bool m_old = false;
};

}  // namespace ifrit::gui::widgets
