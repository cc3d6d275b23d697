// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QStringList>
#include <QTimer>

#include <functional>

namespace ifrit::gui::widgets {

class Theme;

/// A sentence at the lower edge of its parent that goes by itself, or at a click. It covers
/// nothing: while it is there, its parent's layout ends above it. One that offers to undo what it
/// tells has a button for it, and stays while mouse or keyboard are on it.
class Toast : public QLabel {
    Q_OBJECT
public:
    Toast(const Theme& theme, QWidget* parent);
    /// At once: the answer to what somebody does, who looks at it.
    void tell(const QString& sentence);
    /// Of what happened elsewhere: waits for the end of an offer.
    void inform(const QString& sentence);
    /// With an Undo button. The sentence is asked again where the language changes.
    void offer(std::function<QString()> sentence);
    bool offers() const { return m_sentence != nullptr; }
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
    QPushButton* m_undo;
    QTimer m_until;
    std::function<QString()> m_sentence;  ///< of an offer
    QStringList m_waiting;                ///< to be told after it, the oldest first
};

}  // namespace ifrit::gui::widgets
