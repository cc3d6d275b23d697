// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>
#include <QVBoxLayout>

namespace ifrit::gui::widgets {

class Theme;

/// A surface with a 1 px border and rounded corners; an optional heading with a muted fact at its
/// right. Children go into body().
class Panel : public QFrame {
    Q_OBJECT
public:
    Panel(const Theme& theme, QWidget* parent);

    void setHeading(const QString& heading, const QString& fact = {});
    QVBoxLayout* body() { return m_body; }
    /// Where widgets at the right of the heading go.
    QHBoxLayout* headingRow() { return m_headingRow; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QLabel* m_heading;
    QLabel* m_fact;
    QHBoxLayout* m_headingRow;
    QVBoxLayout* m_body;
};

/// Labels in the looks of the style sheet.
QLabel* mutedLabel(const QString& text, QWidget* parent);
QLabel* headingLabel(const QString& text, QWidget* parent);
/// Sets the style sheet's "look" and repolishes.
void setLook(QWidget* widget, const char* look);

}  // namespace ifrit::gui::widgets
