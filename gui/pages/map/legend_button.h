// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

#include "gui/models/page_parts.h"

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

/// One entry of the map's legend: colour, shape, word, count, which is struck through where it is
/// old. A click filters, a double click opens
/// the machines.
class LegendButton : public QAbstractButton {
    Q_OBJECT
public:
    LegendButton(const widgets::Theme& theme, QWidget* parent);
    void setEntry(const models::MapSwatch& swatch, const QString& word, qint64 machines,
                  bool chosen);
    QSize sizeHint() const override;

Q_SIGNALS:
    void opened();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    const widgets::Theme& m_theme;
    models::MapSwatch m_swatch;
    QString m_word;
    QString m_count;
    bool m_chosen = false;
};

}  // namespace ifrit::gui::pages
