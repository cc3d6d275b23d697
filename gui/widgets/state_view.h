// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QWidget>

#include "gui/models/view_notice.h"

namespace ifrit::gui::widgets {

class Theme;

using models::ViewNotice;
using models::ViewState;

/// In place of a view's content for the states that have none. Before anything was loaded, pale
/// rows stand where those of the content will.
class StateView : public QWidget {
    Q_OBJECT
public:
    StateView(const Theme& theme, QWidget* parent);
    void show(const ViewNotice& notice);
    /// The same notice a second later; nobody is read it anew.
    void setSentence(const QString& sentence) { m_sentence->setText(sentence); }
    /// Where its words are, in its own pixels.
    QRect words() const;

Q_SIGNALS:
    void acted();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QLabel* m_shape;
    QLabel* m_sentence;
    QLabel* m_detail;
    QProgressBar* m_progress;
    QPushButton* m_action;
    QPushButton* m_copy;
    ViewNotice m_notice;
};

/// A line above a view whose content is old or incomplete (Stale, Offline, Partial, VersionSkew).
class NoticeLine : public QWidget {
    Q_OBJECT
public:
    NoticeLine(const Theme& theme, QWidget* parent);
    /// Hides itself for every other state.
    void show(const ViewNotice& notice);
    void setSentence(const QString& sentence) { m_sentence->setText(sentence); }

Q_SIGNALS:
    void acted();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QLabel* m_sentence;
    QLabel* m_detail;  ///< code and request id, where something failed
    QPushButton* m_action;
    QPushButton* m_copy;
    ViewNotice m_notice;
};

}  // namespace ifrit::gui::widgets
