// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <QWidget>

#include <functional>

#include "gui/models/view_notice.h"

namespace ifrit::gui::widgets {

class NoticeLine;
class StateView;
class Theme;

/// What every page begins with: its name, one line of facts, actions at the right; below them the
/// notice of the nine states, or the page's content.
class PageFrame : public QWidget {
    Q_OBJECT
public:
    PageFrame(const Theme& theme, QWidget* parent);

    void setTitle(const QString& title);
    void setFacts(const QString& facts);
    /// The facts are of now whatever the content is: never struck through.
    void keepFactsFresh() { m_factsAreOfNow = true; }
    /// The facts below the name, for pages with many actions.
    void stackHeading();
    QString title() const { return m_title->text(); }
    QHBoxLayout* actions() { return m_actions; }
    /// Above the content, and still there when a filter leaves nothing: what filters.
    QVBoxLayout* tools() { return m_tools; }
    /// Over everything, and there whatever else can be shown: what must not be overlooked. It hides
    /// itself.
    void pin(QWidget* banner);
    /// Where the content goes.
    QVBoxLayout* body() { return m_body; }
    /// Shows the content, the content with a line above it, or the notice in its place.
    void show(const models::ViewNotice& notice);
    using QWidget::show;
    /// Of the notice that is shown.
    models::ViewState shownState() const { return m_shownState; }
    /// What the notice counts, as of now.
    virtual void countOn();

Q_SIGNALS:
    /// The button of the notice, where the page itself knows what it does.
    void noticeActed();
    void connectionsAsked();
    void disconnectAsked();

protected:
    void showEvent(QShowEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    const Theme& theme() const { return m_theme; }
    /// A notice has gone and the content is there.
    virtual void contentShown() {}
    /// The notice had the keyboard, and has gone: Qt gave it to whatever comes next, which may be a
    /// button that nobody meant.
    virtual void keyboardFreed() { setFocus(); }
    /// Where the words of the notice are that stands in place of the content, in the page's pixels.
    QRect noticeWords() const;

private:
    void act();

    const Theme& m_theme;
    models::NoticeAction m_does = models::NoticeAction::OfThePage;
    models::ViewState m_shownState = models::ViewState::NeverLoaded;
    std::function<QString()> m_counted;
    bool m_factsAreOfNow = false;
    QLabel* m_title;
    QLabel* m_facts;
    QBoxLayout* m_heading;
    QHBoxLayout* m_actions;
    NoticeLine* m_line;
    StateView* m_state;
    QWidget* m_toolArea;
    QVBoxLayout* m_tools;
    QStackedWidget* m_stack;
    QVBoxLayout* m_body;
};

}  // namespace ifrit::gui::widgets
