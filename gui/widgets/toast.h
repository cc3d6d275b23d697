// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QTimer>

namespace ifrit::gui::widgets {

class Theme;

/// A sentence over the lower edge of its parent that goes by itself, or at a click.
class Toast : public QLabel {
    Q_OBJECT
public:
    Toast(const Theme& theme, QWidget* parent);
    void tell(const QString& sentence);

Q_SIGNALS:
    void clicked();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void place();
    const Theme& m_theme;
    QTimer m_until;
};

}  // namespace ifrit::gui::widgets
