// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace ifrit::gui::widgets {

/// A line that filters the list below it by plain words, and the button that clears it. Down and
/// Enter go to the list.
class FilterLine : public QWidget {
    Q_OBJECT
public:
    explicit FilterLine(QWidget* parent);
    /// What is written in the empty line; what it is called.
    void setWords(const QString& placeholder, const QString& name);
    /// Beside the line, where nothing else on the page says how many are shown; empty: hidden.
    void setCount(const QString& text);
    /// Without blanks at its ends, one between words.
    QString text() const;
    bool filters() const { return !text().isEmpty(); }
    void clear();
    /// The keyboard goes there, and what is written is selected.
    void focusLine();
    QHBoxLayout* bar() { return m_bar; }
    /// A button that clears a filter: off while there is nothing to clear, and says so.
    static void allowClear(QPushButton& button, bool filters);

Q_SIGNALS:
    /// The text is another one, or has to be read in another language.
    void filtered(const QString& text);
    void listWanted();

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void apply();
    void applyClear();

    QHBoxLayout* m_bar;
    QLineEdit* m_line;
    QLabel* m_count;
    QPushButton* m_clear;
};

}  // namespace ifrit::gui::widgets
