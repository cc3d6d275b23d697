// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>

#include <functional>
#include <vector>

#include "gui/models/ctl_command.h"
#include "gui/pages/table_export.h"
#include "gui/presenters/action.h"
#include "gui/widgets/page_frame.h"

namespace ifrit::gui::widgets {
class DataTable;
class FilterLine;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// A view of the window. The window hands keys to the current one.
class Page : public widgets::PageFrame {
    Q_OBJECT
public:
    using PageFrame::PageFrame;
    virtual void refresh() {}
    /// F5: refresh(), over a line that is tried at once where it is away.
    void readAgain();
    virtual void resort() {}       ///< R
    virtual void focusFilter() {}  ///< /
    /// The keyboard goes to what the page is about, once it is shown: the first table.
    virtual void focusContent();
    /// Ctrl+E: the table that has the keyboard, else the first one that is shown.
    virtual void exportRows();
    /// What of one of its tables can be exported: the rows that it holds, unless the page knows of
    /// more.
    virtual ExportTable exportOf(const widgets::DataTable& table) const;
    virtual void toggleTableForm() {}  ///< F8: what is painted, as a table and back
    virtual void toggleFailing() {}    ///< F
    virtual void toggleRing() {}       ///< H: the hash ring in place of the map
    virtual void toggleVersions() {}   ///< V: the versions over time in its place
    /// Ctrl+Shift+C: what shows with ifritctl what the page shows now.
    virtual QList<models::CtlCommand> commands() const { return {}; }
    /// Esc: true where there was a filter, a selection or a level to leave.
    virtual bool escape() { return false; }
    /// "Releases ▸ metrics-agent 1.6.1": for the title line.
    virtual QString place() const { return title(); }

    /// A button that begins something, and what it is about now, as "logd 4.2": the palette has it
    /// while it can be pressed.
    struct Offered {
        QPushButton* button;
        std::function<QString()> subject;
    };
    const std::vector<Offered>& offered() const { return m_offered; }
    /// It is enabled, and there: on another tab, too, but in no part that is away.
    bool canPress(const QPushButton& button) const;
    /// On the tab where it is.
    void press(QPushButton& button);

    /// How buttons call the keys of commands, by the id of the command; asked again at each call.
    void setKeyNames(std::function<QString(const QString&)> names);

Q_SIGNALS:
    void placeChanged();
    /// What is read again next needs the line.
    void lineWanted();
    /// A sentence that passes: what was done.
    void told(const QString& sentence);

protected:
    void contentShown() override;
    void keyboardFreed() override { focusContent(); }
    /// Sets every text of the page; called again when the language changes.
    virtual void retranslate() = 0;
    void changeEvent(QEvent* event) override;
    /// Every button of the page that begins something is said here, in the order of the page.
    void offer(const QList<QPushButton*>& buttons, const std::function<QString()>& subject = {});
    /// What the page does where its notice leaves that to it.
    struct NoticeSteps {
        std::function<void()> clearFilter;  ///< where a filter leaves nothing
        std::function<void()> begin;        ///< the first step, where there is nothing at all
    };
    /// The button of the notice does one of them, or reads the page again.
    void answerNotice(const NoticeSteps& steps = {});
    /// Down and Enter in the line go to the table: to the row where it was left, or the first.
    void connectFilter(const widgets::FilterLine& line, widgets::DataTable& table);
    /// "Export…" and the key of the command behind it.
    QString withKey(const QString& text, const QString& command) const;

private:
    std::function<QString(const QString&)> m_keyNames;
    std::vector<Offered> m_offered;
};

/// Enabled, or disabled with the reason as the tool tip.
void apply(QWidget* control, const presenters::Action& action, const QString& toolTip = {});
/// A line over the page for what must not be overlooked; hidden until it has a text.
QLabel* bannerLabel(QWidget* parent);
QPushButton* dangerButton(const QString& text, QWidget* parent);
QPushButton* primaryButton(const QString& text, QWidget* parent);

}  // namespace ifrit::gui::pages
