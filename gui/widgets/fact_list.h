// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QList>
#include <QPair>
#include <QWidget>

class QGridLayout;

namespace ifrit::gui::widgets {

class Theme;

/// Names and values, one pair a line; the values can be selected and copied. What is compared
/// letter by letter is in the monospace font (models::isIdentifier).
class FactList : public QWidget {
    Q_OBJECT
public:
    FactList(const Theme& theme, QWidget* parent);
    /// Values stay on one line: the list is as wide as the longest.
    void keepLines() { m_wraps = false; }
    void setFacts(const QList<QPair<QString, QString>>& facts);
    /// What it says is old: the values are muted.
    void setOld(bool old);

private:
    void dress(QLabel& value) const;

    const Theme& m_theme;
    QGridLayout* m_grid;
    bool m_wraps = true;
    bool m_old = false;
    QList<QPair<QLabel*, QLabel*>> m_rows;
};

}  // namespace ifrit::gui::widgets
