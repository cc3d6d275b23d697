// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QStringList>
#include <QTimer>

#include <functional>

namespace ifrit::gui::widgets {

class StatusLine;
class Theme;

/// A sentence over the end of the window's last line that goes by itself, or at a click. It covers
/// nothing else and moves nothing: no button goes from under a pointer. Only what is too long for
/// that line grows above it, and what is there makes room for as much. One that offers to undo what
/// it tells has a button for it, and stays while mouse or keyboard are on it.
class Toast : public QLabel {
    Q_OBJECT
public:
    /// `line` has a parent, which becomes the toast's too; `above` stands on it.
    Toast(const Theme& theme, StatusLine& line, QWidget& above);
    /// At once: the answer to what somebody does, who looks at it.
    void tell(const QString& sentence);
    /// Of what happened elsewhere: waits for the end of an offer.
    void inform(const QString& sentence);
    /// With an Undo button. The sentence is asked again where the language changes.
    void offer(std::function<QString()> sentence);
    bool offers() const { return m_sentence != nullptr; }
    /// A plain sentence that is not so any more: gone where it is shown, or waits to be.
    void takeBack(const QString& sentence);
    /// Hides an offer, and tells what waited for its end; a plain sentence stays.
    void withdraw();
    /// Its time is over, unless somebody is on it.
    void expire();

Q_SIGNALS:
    void clicked();
    void undoWanted();
    /// An offer has gone without being taken: its time, a click, or another sentence.
    void offerEnded();

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void show(const QString& sentence);
    void endOffer();
    /// Hides it, for what waited.
    void finish();
    void place();
    const Theme& m_theme;
    StatusLine& m_line;
    QWidget& m_above;
    QPushButton* m_undo;
    QTimer m_until;
    std::function<QString()> m_sentence;  ///< of an offer
    QStringList m_waiting;                ///< to be told after it, the oldest first
};

}  // namespace ifrit::gui::widgets
