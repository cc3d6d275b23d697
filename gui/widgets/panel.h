// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>
#include <QList>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace ifrit::gui::widgets {

class Theme;

/// A surface with a 1 px border and rounded corners; an optional heading with a muted fact at its
/// right. Children go into body().
class Panel : public QFrame {
    Q_OBJECT
public:
    Panel(const Theme& theme, QWidget* parent);

    void setHeading(const QString& heading, const QString& fact = {});
    /// The fact of the heading is old.
    void setOld(bool old);
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
/// Panels beside each other, each with its share of the width, whatever it holds: what Qt's
/// layouts do with a stretch as long as no panel needs more.
QHBoxLayout* sharedRow(const QList<std::pair<Panel*, int>>& panels);
/// Sets the style sheet's "look" and repolishes.
void setLook(QWidget* widget, const char* look);
/// The figures of a label or a chip are old: muted, and struck through by the style sheet. By no
/// font of its own: with one it would not follow the theme.
void setOldLook(QWidget* widget, bool old);
/// As wide with each of the words that it comes to show.
void keepWidthFor(QPushButton* button, const QStringList& words);

}  // namespace ifrit::gui::widgets
